package dev.caravan.github.api;

import java.time.Duration;
import java.time.Instant;

/** The clock, and waiting; a test brings its own. */
public interface Waiting {
  /** The clock of this machine, and real waiting. */
  Waiting REAL =
      new Waiting() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  /** Now. */
  Instant now();

  /** Returns after that time. */
  void pause(Duration time) throws InterruptedException;

  /** How long {@code gh} may take for its token; it may ask its user to unlock a keyring. */
  default Duration forGh() {
    return Duration.ofSeconds(10);
  }
}
