package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.log.LogEngine;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Retention;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.sqlite.directory.LogInUseException;
import dev.caravan.management.LogApi;
import dev.caravan.receiver.LogEngines;
import dev.caravan.receiver.LogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The delivery log while no server has it open, or one that several share, for queries and replays:
 * what is scheduled runs once a server is started.
 */
public final class OfflineLog implements AutoCloseable {
  /** Keeps everything: without routes, retention would delete what has yet to run. */
  private static final Retention ALL = new Retention(Duration.ofDays(36_500), Long.MAX_VALUE);

  private final LogEngine log;

  private OfflineLog(LogEngine log) {
    this.log = log;
  }

  /** Whether there is a log, in that directory or elsewhere if the settings say so. */
  public static boolean exists(Path data, Settings settings) {
    return LogEngines.isShared(settings) || SqliteDeliveryLog.isIn(data);
  }

  /**
   * Opens the log; a server that starts on it waits some seconds for it to be closed.
   *
   * @return empty when a server has it open
   * @throws CannotStartException with a sentence for the user, when it cannot be opened for another
   *     reason
   */
  public static Optional<OfflineLog> open(Path data, Settings settings) {
    LogOptions options = LogSettings.from(settings).with(ALL);
    try {
      return Optional.of(new OfflineLog(LogEngines.openBriefly(settings, data, options)));
    } catch (LogInUseException e) {
      return Optional.empty();
    } catch (IllegalStateException e) {
      throw new CannotStartException(e.getMessage(), e);
    }
  }

  /** The same queries and actions as of a running server. */
  public LogApi api() {
    return new LogApi(log);
  }

  @Override
  public void close() {
    log.close();
  }

  /** The SQL that creates the tables of a shared log, in the schema that the settings name. */
  public static String schema(Settings settings) {
    return LogEngines.schema(settings);
  }

  /** Whether other processes may be using the log at this moment. */
  public static boolean isShared(Settings settings) {
    return LogEngines.isShared(settings);
  }
}
