package dev.caravan.log;

/** A log that is open, with all that can be asked of it. */
public interface LogEngine extends DeliveryLog {
  /** What happened in this log, for looking things up. */
  DeliveryHistory history();

  /** How the log is doing, in numbers. */
  LogFigures figures();
}
