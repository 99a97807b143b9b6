package dev.caravan.console;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Codes that log somebody in once, for links printed in a terminal: a link left in a browser's
 * history or a chat does not work again. Safe for use by many threads.
 */
final class LoginLinks {
  /** How long a link can be used. */
  static final Duration LIFE = Duration.ofMinutes(30);

  private static final int MOST = 20;
  private static final int BYTES = 16;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> codes = new LinkedHashMap<>();

  LoginLinks(InstantSource clock) {
    this.clock = clock;
  }

  /** The path of a new link, to follow the address of the management port. */
  synchronized String newPath() {
    byte[] code = new byte[BYTES];
    random.nextBytes(code);
    String text = HexFormat.of().formatHex(code);
    codes.put(text, clock.instant().plus(LIFE));
    if (codes.size() > MOST) {
      codes.remove(codes.keySet().iterator().next());
    }
    return "/login?code=" + text;
  }

  /** Whether a code opens a session; each works once. */
  synchronized boolean use(String code) {
    Instant end = codes.remove(code);
    return end != null && clock.instant().isBefore(end);
  }
}
