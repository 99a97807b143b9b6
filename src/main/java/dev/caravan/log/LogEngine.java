package dev.caravan.log;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open log, with everything that can be asked of it. */
public interface LogEngine extends DeliveryLog {
  /** What happened in this log, for looking things up. */
  DeliveryHistory history();

  /** How the log is doing, in numbers. */
  LogFigures figures();

  /** Copies it while it is in use; null where that is the business of what keeps it. */
  default @Nullable LogBackup backup() {
    return null;
  }

  /** What this process is called among those that use the log; empty where only one can. */
  default String node() {
    return "";
  }

  /** The processes that use the log together, by name; none where only one can. */
  default List<LogNode> nodes() {
    return List.of();
  }

  /**
   * Tells the others what this process says of itself, under the names in {@link LogNode}, where
   * there are others. To be called now and then; what differs for minutes is said in the log lines.
   */
  default void describe(Map<String, String> node) {}
}
