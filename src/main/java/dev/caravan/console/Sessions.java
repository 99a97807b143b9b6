package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Knows who is logged in from a signed cookie: nothing is stored here, and all sessions end when
 * the token they came from changes. Safe for use by many threads.
 */
final class Sessions {
  /** How long a login lasts. */
  static final Duration LIFE = Duration.ofHours(12);

  private static final String WRITE = "w";
  private static final String READ = "r";
  private static final String ALGORITHM = "HmacSHA256";

  private final String token;
  private final String readToken;
  private final InstantSource clock;

  /**
   * @param token for those who may do everything; not empty
   * @param readToken for those who may only look; empty when there is none
   */
  Sessions(String token, String readToken, InstantSource clock) {
    this.token = token;
    this.readToken = readToken;
    this.clock = clock;
  }

  /** The session that a token opens, or null when it is neither token. */
  @Nullable Session of(String given) {
    byte[] bytes = given.getBytes(UTF_8);
    boolean all = MessageDigest.isEqual(bytes, token.getBytes(UTF_8));
    boolean look = MessageDigest.isEqual(bytes, readToken.getBytes(UTF_8));
    return all ? begin(true) : look && !readToken.isEmpty() ? begin(false) : null;
  }

  /** A session that begins now. */
  Session begin(boolean mayWrite) {
    return new Session(mayWrite, clock.instant().plus(LIFE));
  }

  /** The value of a session's cookie. */
  String cookie(Session session) {
    String what = (session.mayWrite() ? WRITE : READ) + "." + session.ends().getEpochSecond();
    return what + "." + signature(what, session.mayWrite() ? token : readToken);
  }

  /** The session of a cookie, or null when it is not ours or has ended. */
  @Nullable Session read(String cookie) {
    String[] parts = cookie.split("\\.", -1);
    if (parts.length != 3 || !(parts[0].equals(WRITE) || parts[0].equals(READ))) {
      return null;
    }
    boolean mayWrite = parts[0].equals(WRITE);
    String key = mayWrite ? token : readToken;
    String expected = key.isEmpty() ? "" : signature(parts[0] + "." + parts[1], key);
    if (expected.isEmpty()
        || !MessageDigest.isEqual(expected.getBytes(UTF_8), parts[2].getBytes(UTF_8))) {
      return null;
    }
    Instant ends = Instant.ofEpochSecond(Long.parseLong(parts[1])); // its signature is ours
    return clock.instant().isBefore(ends) ? new Session(mayWrite, ends) : null;
  }

  private static String signature(String what, String key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(("console session " + what).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no " + ALGORITHM, e);
    }
  }
}
