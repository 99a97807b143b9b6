package dev.caravan.ingress;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a body was signed with one of our secrets.
 *
 * <p>{@code X-Hub-Signature-256} decides when it is there; only without it the old SHA-1 signature
 * does, if that is allowed. A header that is there twice decides nothing.
 */
final class Signatures {
  private static final int SHA256_DIGITS = 64;
  private static final int SHA1_DIGITS = 40;

  private final SigningSecrets secrets;
  private final boolean sha1Allowed;

  Signatures(SigningSecrets secrets, boolean sha1Allowed) {
    this.secrets = secrets;
    this.sha1Allowed = sha1Allowed;
  }

  /**
   * Whether the signature is one of ours.
   *
   * @param sha256 every value of {@code X-Hub-Signature-256}
   * @param sha1 every value of {@code X-Hub-Signature}
   * @param body the bytes as they arrived
   */
  boolean match(List<String> sha256, List<String> sha1, byte[] body) {
    if (!sha256.isEmpty()) {
      return match(parse(sha256, "sha256=", SHA256_DIGITS), Secret::hmacSha256, body);
    }
    return sha1Allowed && match(parse(sha1, "sha1=", SHA1_DIGITS), Secret::hmacSha1, body);
  }

  private boolean match(
      byte @Nullable [] given, BiFunction<Secret, byte[], byte[]> hmac, byte[] body) {
    if (given == null) {
      return false;
    }
    for (Secret secret : secrets.valid()) {
      if (MessageDigest.isEqual(hmac.apply(secret, body), given)) {
        return true;
      }
    }
    return false;
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
