package dev.caravan.log.pages;

import java.io.IOException;

/** The file of an open log, as pages. */
public interface LogPages {
  /** Follows it from now on. */
  PageFollower follow() throws IOException;

  /**
   * Differs when the file was written to in the meantime, while nobody had it open: the file's
   * number, size and time.
   */
  String fingerprint() throws IOException;
}
