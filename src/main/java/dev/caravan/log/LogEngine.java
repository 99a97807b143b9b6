package dev.caravan.log;

import org.jspecify.annotations.Nullable;

/** A log that is open, with all that can be asked of it. */
public interface LogEngine extends DeliveryLog {
  /** What happened in this log, for looking things up. */
  DeliveryHistory history();

  /** How the log is doing, in numbers. */
  LogFigures figures();

  /** Copies it while it is in use; null where that is the business of what keeps it. */
  default @Nullable LogBackup backup() {
    return null;
  }
}
