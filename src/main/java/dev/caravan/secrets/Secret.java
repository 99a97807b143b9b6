package dev.caravan.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that GitHub and we share, with which deliveries are signed. Never shows its value. Safe
 * for use by many threads.
 */
public final class Secret {
  /** Fewer bytes than this are too few. */
  static final int SHORT = 16;

  private final byte[] key;
  private final ThreadLocal<Mac> sha256;
  private final ThreadLocal<Mac> sha1;

  /**
   * Makes one from the text that was given to GitHub.
   *
   * @throws IllegalArgumentException when it is empty: anyone could sign with that
   */
  public Secret(String text) {
    this(text.getBytes(UTF_8));
  }

  Secret(byte[] key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("A webhook secret is empty; anyone could sign with that");
    }
    this.key = key;
    // Setting up a Mac costs more than a small body does, and one can be reused.
    sha256 = mac("HmacSHA256", key);
    sha1 = mac("HmacSHA1", key);
  }

  /** Reads secrets separated by commas; spaces around one do not belong to it. */
  public static List<Secret> list(String separatedByCommas) {
    return Arrays.stream(separatedByCommas.split(",", -1))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Secret::new)
        .toList();
  }

  /** Whether it is so short that guessing it is worth trying. */
  boolean isShort() {
    return key.length < SHORT;
  }

  /** The secret itself, to give it to GitHub; for nothing else. */
  public String text() {
    return new String(key, UTF_8);
  }

  /** The HMAC with SHA-256 that GitHub sends for this body. */
  public byte[] hmacSha256(byte[] body) {
    return sha256.get().doFinal(body);
  }

  /** The HMAC with SHA-1 that GitHub sends for this body. */
  public byte[] hmacSha1(byte[] body) {
    return sha1.get().doFinal(body);
  }

  /** Its bytes, not to be changed. */
  byte[] key() {
    return key;
  }

  private static ThreadLocal<Mac> mac(String algorithm, byte[] key) {
    return ThreadLocal.withInitial(
        () -> {
          try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks " + algorithm, e);
          }
        });
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(key, secret.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
