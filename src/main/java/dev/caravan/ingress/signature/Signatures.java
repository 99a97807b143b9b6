package dev.caravan.ingress.signature;

import dev.caravan.secrets.LabelledSecret;
import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SigningSecrets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a body was signed with one of our secrets.
 *
 * <p>{@code X-Hub-Signature-256} decides if it is there; without it the old SHA-1 signature does,
 * if allowed. A header that is there twice is refused.
 */
public final class Signatures {
  private static final int SHA256_DIGITS = 64;
  private static final int SHA1_DIGITS = 40;

  private final SigningSecrets secrets;
  private final boolean sha1Allowed;

  public Signatures(SigningSecrets secrets, boolean sha1Allowed) {
    this.secrets = secrets;
    this.sha1Allowed = sha1Allowed;
  }

  /**
   * The secret that a body was signed with, or null when it is not one of ours.
   *
   * @param hook the id of the hook that the request names, or null
   * @param allowed which secrets to consider
   * @param sha256 every value of {@code X-Hub-Signature-256}
   * @param sha1 every value of {@code X-Hub-Signature}
   * @param body the bytes as they arrived
   */
  public @Nullable LabelledSecret signer(
      @Nullable String hook,
      Predicate<LabelledSecret> allowed,
      List<String> sha256,
      List<String> sha1,
      byte[] body) {
    if (!sha256.isEmpty()) {
      byte[] given = sha256(sha256);
      return given == null ? null : signer(hook, allowed, Secret::hmacSha256, body, given);
    }
    byte[] given = sha1Allowed ? sha1(sha1) : null;
    return given == null ? null : signer(hook, allowed, Secret::hmacSha1, body, given);
  }

  /** Whether there is a signature that could be right, as far as the headers tell. */
  static boolean isWellFormed(List<String> sha256, List<String> sha1) {
    return sha256.isEmpty() ? sha1(sha1) != null : sha256(sha256) != null;
  }

  /** Whether any secret is only for certain hooks. */
  boolean dependOnHook() {
    return secrets.inForce().dependOnHook();
  }

  private @Nullable LabelledSecret signer(
      @Nullable String hook,
      Predicate<LabelledSecret> allowed,
      BiFunction<Secret, byte[], byte[]> hmac,
      byte[] body,
      byte[] given) {
    return secrets
        .inForce()
        .find(
            hook,
            secret ->
                allowed.test(secret)
                    && MessageDigest.isEqual(hmac.apply(secret.secret(), body), given));
  }

  /** The bytes of the header's value, or null unless there is exactly one and it is well formed. */
  static byte @Nullable [] sha256(List<String> values) {
    return parse(values, "sha256=", SHA256_DIGITS);
  }

  /** The same for the old header. */
  static byte @Nullable [] sha1(List<String> values) {
    return parse(values, "sha1=", SHA1_DIGITS);
  }

  private static byte @Nullable [] parse(List<String> values, String prefix, int digits) {
    if (values.size() != 1) {
      return null;
    }
    String value = values.get(0);
    if (value.length() != prefix.length() + digits || !value.startsWith(prefix)) {
      return null;
    }
    for (int index = prefix.length(); index < value.length(); index++) {
      if (!HexFormat.isHexDigit(value.charAt(index))) {
        return null;
      }
    }
    return HexFormat.of().parseHex(value, prefix.length(), value.length());
  }
}
