package dev.caravan.ingress.signature;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.delivery.Ownership;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.secrets.LabelledSecret;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who signed a request, and whether that secret may sign for what the request is about. */
public final class Verification {
  private final Signatures signatures;

  public Verification(Signatures signatures) {
    this.signatures = signatures;
  }

  /** Whether the headers have a well-formed signature; without one the body need not be read. */
  public static boolean hasSignature(MultiMap headers) {
    return Signatures.isWellFormed(
        headers.getAll(GitHubHeaders.SIGNATURE_256), headers.getAll(GitHubHeaders.SIGNATURE));
  }

  /** The secret that signed the bytes as they arrived, or null. */
  public @Nullable LabelledSecret signer(HookRequest request) {
    return signer(request, secret -> true);
  }

  /** The secret that signed a delivery in the log, or null when it is none of those in force. */
  public @Nullable LabelledSecret signer(Delivery delivery) {
    return signatures.signer(
        delivery.headers().get(GitHubHeaders.HOOK_ID),
        secret -> true,
        values(delivery, GitHubHeaders.SIGNATURE_256),
        values(delivery, GitHubHeaders.SIGNATURE),
        delivery.body());
  }

  private static List<String> values(Delivery delivery, String header) {
    String value = delivery.headers().get(header);
    return value == null ? List.of() : List.of(value);
  }

  /**
   * The secret that signed a delivery and may: the signer, unless its scope excludes the delivery;
   * otherwise another secret with the same value whose scope does not.
   *
   * @return null when none may
   */
  public @Nullable LabelledSecret entitled(
      HookRequest request, LabelledSecret signer, Ownership ownership) {
    return maySign(signer, ownership)
        ? signer
        : signer(request, secret -> maySign(secret, ownership));
  }

  private static boolean maySign(LabelledSecret secret, Ownership ownership) {
    return !secret.scope().bindsPayload() || ownership.isWithin(secret.scope()::covers);
  }

  private @Nullable LabelledSecret signer(HookRequest request, Predicate<LabelledSecret> allowed) {
    List<String> sha256 = request.headers().getAll(GitHubHeaders.SIGNATURE_256);
    List<String> sha1 = request.headers().getAll(GitHubHeaders.SIGNATURE);
    String hook = signatures.dependOnHook() ? request.headers().get(GitHubHeaders.HOOK_ID) : null;
    return signatures.signer(hook, allowed, sha256, sha1, request.body());
  }
}
