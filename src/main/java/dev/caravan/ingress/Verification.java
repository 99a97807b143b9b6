package dev.caravan.ingress;

import dev.caravan.log.Delivery;
import dev.caravan.secrets.LabelledSecret;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who signed a request, and whether that secret may sign for what the request is about. */
final class Verification {
  private static final String HOOK = "X-GitHub-Hook-ID";

  private final Signatures signatures;

  Verification(Signatures signatures) {
    this.signatures = signatures;
  }

  /** The secret that signed the bytes as they arrived, or null. */
  @Nullable LabelledSecret signer(HookRequest request) {
    return signer(request, secret -> true);
  }

  /** The secret that signed what is in the log, or null when it is none of those in force. */
  @Nullable LabelledSecret signer(Delivery delivery) {
    return signatures.signer(
        delivery.headers().get(HOOK),
        secret -> true,
        values(delivery, "X-Hub-Signature-256"),
        values(delivery, "X-Hub-Signature"),
        delivery.body());
  }

  private static List<String> values(Delivery delivery, String header) {
    String value = delivery.headers().get(header);
    return value == null ? List.of() : List.of(value);
  }

  /**
   * The secret that signed a delivery and may: the signer, unless its scope excludes what the
   * delivery is about; then another one with the same value whose scope does not.
   *
   * @return null when none may
   */
  @Nullable LabelledSecret entitled(
      HookRequest request, LabelledSecret signer, Ownership ownership) {
    return ownership.isWithin(signer.scope())
        ? signer
        : signer(request, secret -> ownership.isWithin(secret.scope()));
  }

  private @Nullable LabelledSecret signer(HookRequest request, Predicate<LabelledSecret> allowed) {
    List<String> sha256 = request.headers().getAll("X-Hub-Signature-256");
    List<String> sha1 = request.headers().getAll("X-Hub-Signature");
    String hook = signatures.dependOnHook() ? request.headers().get(HOOK) : null;
    return signatures.signer(hook, allowed, sha256, sha1, request.body());
  }
}
