package dev.caravan.github;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What recoveries of a running program have found, in numbers. For many threads. */
public final class RecoveryFindings {
  private long asked;
  private long arrived;
  private long missing;
  private @Nullable Instant last;

  /** A recovery has come to its end. */
  synchronized void add(RecoveryReport report, Instant at) {
    asked += report.asked();
    arrived += report.arrived();
    missing = report.missing().size();
    last = at;
  }

  /** How many deliveries GitHub was asked to send again. */
  public synchronized long asked() {
    return asked;
  }

  /** How many of those have come. */
  public synchronized long arrived() {
    return arrived;
  }

  /** How many were still missing at the end of the last one. */
  public synchronized long missing() {
    return missing;
  }

  /** When the last one was; null before the first. */
  public synchronized @Nullable Instant last() {
    return last;
  }
}
