package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that GitHub and we share: what a delivery is signed with. Never shows its value. */
public final class Secret {
  private final ThreadLocal<Mac> sha256;
  private final ThreadLocal<Mac> sha1;

  /**
   * Makes one from the text that was given to GitHub.
   *
   * @throws IllegalArgumentException when it is empty: anyone could sign with that
   */
  public Secret(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("A webhook secret is empty; anyone could sign with that");
    }
    // Setting a Mac up costs more than a small body does, and one can be used over and over.
    sha256 = mac("HmacSHA256", text.getBytes(UTF_8));
    sha1 = mac("HmacSHA1", text.getBytes(UTF_8));
  }

  /** Reads secrets separated by commas; blanks around one do not belong to it. */
  public static List<Secret> list(String separatedByCommas) {
    return Arrays.stream(separatedByCommas.split(",", -1))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Secret::new)
        .toList();
  }

  byte[] hmacSha256(byte[] body) {
    return sha256.get().doFinal(body);
  }

  byte[] hmacSha1(byte[] body) {
    return sha1.get().doFinal(body);
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
  public String toString() {
    return "Secret";
  }
}
