package dev.caravan.ingress.port;

import java.time.Duration;

/**
 * Times that no user needs to set; tests shorten them.
 *
 * @param head how long a new connection may take until its first complete request head
 * @param idle how long a connection may be without a request after that; trickled bytes do not
 *     count
 * @param patience how long a request waits for memory: half of what GitHub waits for an answer
 * @param linger how long the rest of a refused body is read and thrown away, which lets the client
 *     see the answer instead of a reset
 * @param gitHub how long GitHub waits for an answer
 * @param sweep how often these are checked
 */
public record ConnectionTimeouts(
    Duration head,
    Duration idle,
    Duration patience,
    Duration linger,
    Duration gitHub,
    Duration sweep) {
  public static final ConnectionTimeouts USUAL =
      new ConnectionTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMillis(200));
}
