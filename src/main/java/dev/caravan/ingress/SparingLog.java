package dev.caravan.ingress;

import java.time.Duration;
import org.slf4j.Logger;

/** Warns once in a while; what is left out between is counted. Used by one thread. */
final class SparingLog {
  private final Logger log;
  private final long interval;
  private final String line;
  private long due = System.nanoTime();
  private long left;

  /**
   * @param line with one {@code {}} for what is different each time
   */
  SparingLog(Logger log, Duration interval, String line) {
    this.log = log;
    this.interval = interval.toNanos();
    this.line = line + " {} more since the last such line.";
  }

  void warn(String what) {
    long now = System.nanoTime();
    if (now - due >= 0) {
      log.warn(line, what, left);
      due = now + interval;
      left = 0;
    } else {
      left++;
    }
  }
}
