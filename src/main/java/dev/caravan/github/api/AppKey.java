package dev.caravan.github.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GitHub App's private key, which signs the tokens that identify the App. It is never shown.
 *
 * <p>Java can make the signature that GitHub asks for, RS256 over three fields. A library for
 * tokens would not read the format of GitHub's keys, and would need at least five jars.
 */
final class AppKey {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");

  /**
   * Version 0, algorithm rsaEncryption without parameters: the prefix that PKCS#8 adds to a PKCS#1
   * key.
   */
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  /** GitHub's clock may be behind ours, and it refuses tokens from the future. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** GitHub accepts at most ten minutes. */
  private static final Duration LIFE = Duration.ofMinutes(9);

  private final PrivateKey key;

  private AppKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * Reads PEM as GitHub issues it (PKCS#1) or openssl converts it (PKCS#8).
   *
   * @throws IllegalArgumentException when it is neither; the message is the end of a sentence
   */
  static AppKey parse(String pem) {
    Matcher matcher = PEM.matcher(pem);
    if (!matcher.find()) {
      throw new IllegalArgumentException("has no RSA private key in PEM, as GitHub hands it out");
    }
    byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
    try {
      return new AppKey(
          KeyFactory.getInstance("RSA")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(matcher.group(1) == null ? der : wrapped(der))));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("has a private key that cannot be read", e);
    }
  }

  /** A token that identifies the App for nine minutes. */
  String token(String app, Instant now) {
    String signed =
        base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
            + "."
            + base64(
                "{\"iat\":%d,\"exp\":%d,\"iss\":\"%s\"}"
                    .formatted(
                        now.minus(SKEW).getEpochSecond(), now.plus(LIFE).getEpochSecond(), app)
                    .getBytes(UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot sign with RSA", e);
    }
  }

  private static byte[] wrapped(byte[] pkcs1) {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    inner.writeBytes(RSA);
    inner.writeBytes(tagged(0x04, pkcs1));
    return tagged(0x30, inner.toByteArray());
  }

  /** DER: the tag, the length in two bytes, the value. Keys of 2048 bits and more need both. */
  private static byte[] tagged(int tag, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    out.write(0x82);
    out.write(value.length >> 8);
    out.write(value.length);
    out.writeBytes(value);
    return out.toByteArray();
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "AppKey";
  }
}
