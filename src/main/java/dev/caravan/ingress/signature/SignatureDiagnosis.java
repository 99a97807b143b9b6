package dev.caravan.ingress.signature;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.FormBody;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.secrets.LabelledSecret;
import dev.caravan.secrets.Misreading;
import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SecretsInForce;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a signature does not match: which of the usual mistakes would make it match.
 *
 * <p>Costs dozens of HMACs, so callers must not let a stranger trigger it at will.
 */
public final class SignatureDiagnosis {
  private static final String UNKNOWN =
      "the signature matches no secret here, none of the usual mistakes with one, and no retired one."
          + " If it comes from your hook, set the same secret in GitHub's settings and here; if it is the same, look for a"
          + " relay or proxy on the way that changes the body";

  private final boolean sha1Allowed;

  public SignatureDiagnosis(boolean sha1Allowed) {
    this.sha1Allowed = sha1Allowed;
  }

  /**
   * @param isRecognised whether the sender has one of our secrets, or nearly
   */
  record Explanation(boolean isRecognised, String sentence) {}

  /** How many bytes {@link #explain} puts through an HMAC, at most. */
  static long cost(HookRequest request, SecretsInForce secrets) {
    long bodies = request.encoding() == Delivery.Encoding.FORM ? 2 : 1;
    return bodies
        * request.body().length
        * (secrets.valid().size() * (12L + ChangedBody.MOST) + secrets.retired().size());
  }

  /** What is wrong with the headers, or null when they are in order. */
  static @Nullable String headers(HookRequest request) {
    List<String> sha256 = request.headers().getAll(GitHubHeaders.SIGNATURE_256);
    List<String> sha1 = request.headers().getAll(GitHubHeaders.SIGNATURE);
    if (sha256.isEmpty() && sha1.isEmpty()) {
      return "it has no signature header: the hook has no secret, or a proxy drops X-Hub-Signature-256";
    }
    if (sha256.size() > 1) {
      return "X-Hub-Signature-256 is there more than once";
    }
    if (isEmpty(sha256, "sha256=") || (sha256.isEmpty() && isEmpty(sha1, "sha1="))) {
      return "its signature is empty: whoever sends it has no secret. Give one to the hook, or to the relay that signs for it";
    }
    if (sha256.size() == 1 && Signatures.sha256(sha256) == null) {
      return "X-Hub-Signature-256 is not sha256= and 64 hexadecimal digits";
    }
    return null;
  }

  private static boolean isEmpty(List<String> values, String prefix) {
    return values.size() == 1 && (values.get(0).isBlank() || values.get(0).strip().equals(prefix));
  }

  /** Why a request was refused whose headers are in order. */
  Explanation explain(HookRequest request, SecretsInForce secrets) {
    byte[] given = Signatures.sha256(request.headers().getAll(GitHubHeaders.SIGNATURE_256));
    byte[] old = Signatures.sha1(request.headers().getAll(GitHubHeaders.SIGNATURE));
    String found = null;
    if (given != null) {
      found = withSha256(request, secrets, given);
    } else if (old != null && !sha1Allowed) {
      LabelledSecret secret = signer(secrets.valid(), Secret::hmacSha1, request.body(), old);
      if (secret != null) {
        found =
            "it is signed with the secret '%s', but only with SHA-1, and caravan.signature.sha1 is deny"
                .formatted(secret.label());
      }
    }
    return found != null ? new Explanation(true, found) : new Explanation(false, other(request));
  }

  private static @Nullable String withSha256(
      HookRequest request, SecretsInForce secrets, byte[] given) {
    byte[] body = request.body();
    LabelledSecret secret = signer(secrets.valid(), Secret::hmacSha256, body, given);
    if (secret != null) {
      return "it is signed with the secret '%s', whose scope is '%s', and not that of the request's hook"
          .formatted(secret.label(), secret.scope());
    }
    secret = signer(secrets.retired(), Secret::hmacSha256, body, given);
    if (secret != null) {
      return "it is signed with the secret '%s', which is retired. Give the hook a secret that is in force"
          .formatted(secret.label());
    }
    byte[] payload = payload(request);
    if (payload != null) {
      secret = signer(secrets.valid(), Secret::hmacSha256, payload, given);
      if (secret != null) {
        return "it is signed with the secret '%s', but over the payload and not over the form that carries it. Whoever sends it must sign the body as it is sent; a hook of content type application/json avoids forms"
            .formatted(secret.label());
      }
    }
    for (ChangedBody changed : ChangedBody.of(body, request.encoding() == Delivery.Encoding.FORM)) {
      secret = signer(secrets.valid(), Secret::hmacSha256, changed.body(), given);
      if (secret != null) {
        return "it is signed with the secret '%s', but on its way %s. Let the relay, gateway or proxy between GitHub and here pass on the bytes that it gets"
            .formatted(secret.label(), changed.how());
      }
    }
    for (LabelledSecret each : secrets.valid()) {
      for (Misreading misreading : Misreading.of(each.secret())) {
        if (MessageDigest.isEqual(misreading.secret().hmacSha256(body), given)) {
          return "it is signed with %s, '%s'. Set the same text on both sides"
              .formatted(misreading.how(), each.label());
        }
      }
    }
    return null;
  }

  /** What to say about a signature that matches nothing. */
  private static String other(HookRequest request) {
    String encoding = request.headers().get("Content-Encoding");
    if (encoding != null && !encoding.equals("identity")) {
      return "its body is compressed (Content-Encoding), which GitHub's is not: a proxy has changed it";
    }
    String length = request.headers().get("Content-Length");
    if (length != null && !length.equals(Integer.toString(request.body().length))) {
      return "its body is of another length than its Content-Length says: a proxy has changed it";
    }
    return UNKNOWN;
  }

  private static @Nullable LabelledSecret signer(
      List<LabelledSecret> secrets,
      BiFunction<Secret, byte[], byte[]> hmac,
      byte[] body,
      byte[] given) {
    for (LabelledSecret secret : secrets) {
      if (MessageDigest.isEqual(hmac.apply(secret.secret(), body), given)) {
        return secret;
      }
    }
    return null;
  }

  private static byte @Nullable [] payload(HookRequest request) {
    if (request.encoding() != Delivery.Encoding.FORM) {
      return null;
    }
    try {
      return FormBody.payload(request.body());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
