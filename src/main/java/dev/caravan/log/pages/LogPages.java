package dev.caravan.log.pages;

import java.io.IOException;

/** The file of an open log, as pages. */
public interface LogPages {
  /** Follows it from now on. */
  PageFollower follow() throws IOException;

  /**
   * What tells the file from one that was written to in the meantime, for when nobody has it open:
   * its number, its size, its time.
   */
  String fingerprint() throws IOException;
}
