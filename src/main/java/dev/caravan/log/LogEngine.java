package dev.caravan.log;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open log, with everything that can be asked of it. */
public interface LogEngine extends DeliveryLog {
  /** What happened in this log, for looking things up. */
  DeliveryHistory history();

  /** The figures of the log. */
  LogFigures figures();

  /** Copies it while it is in use; null when that is the database's own business. */
  default @Nullable LogBackup backup() {
    return null;
  }

  /** The name of this process among those that use the log; empty when only one can. */
  default String node() {
    return "";
  }

  /** The processes that use the log together, by name; none when only one can. */
  default List<LogNode> nodes() {
    return List.of();
  }

  /**
   * Tells other processes, if there are any, what this one says about itself, under the names in
   * {@link LogNode}. Call it at intervals; what differs for minutes is logged.
   */
  default void describe(Map<String, String> node) {}
}
