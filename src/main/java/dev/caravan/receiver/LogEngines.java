package dev.caravan.receiver;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.LogEngine;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Spool;
import dev.caravan.log.copy.LogCopies;
import dev.caravan.log.postgres.PostgresDeliveryLog;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the delivery log that the settings name, with the engine that keeps it. */
public final class LogEngines {
  private LogEngines() {}

  /**
   * Opens it for a server.
   *
   * @param data the directory of this process
   * @throws InvalidSettingException for a setting that cannot be used
   * @throws IllegalStateException with a sentence for the user when it cannot be opened
   */
  public static LogEngine open(Settings settings, Path data) {
    LogOptions options = LogSettings.from(settings);
    PostgresPlace shared = LogSettings.shared(settings);
    if (shared == null) {
      LogSettings.refuseSpool(settings, data);
      return SqliteDeliveryLog.open(data, options);
    }
    makeDirectory(data);
    Spool spool = LogSettings.spool(settings, data);
    try {
      return PostgresDeliveryLog.open(shared, options, spool);
    } catch (RuntimeException | Error e) {
      if (spool != null) {
        spool.close();
      }
      throw e;
    }
  }

  /** What belongs to this process is there, although the log is elsewhere. */
  private static void makeDirectory(Path data) {
    try {
      if (!Files.isDirectory(data)) {
        Files.createDirectories(data, OwnerOnly.directory(data));
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "The data directory %s cannot be made: %s. Choose another with caravan.data."
              .formatted(data, e.getMessage()),
          e);
    }
  }

  /**
   * Opens it for a command that is done in a moment.
   *
   * @param options how the command wants it to behave
   * @throws dev.caravan.log.sqlite.directory.LogInUseException when a server has it and no other
   *     process may
   * @throws IllegalStateException with a sentence for the user when it cannot be opened
   */
  public static LogEngine openBriefly(Settings settings, Path data, LogOptions options) {
    PostgresPlace shared = LogSettings.shared(settings);
    return shared == null
        ? SqliteDeliveryLog.openBriefly(data, options)
        : PostgresDeliveryLog.openBriefly(shared, options);
  }

  /** Whether several processes use the log together. */
  public static boolean isShared(Settings settings) {
    return LogSettings.isShared(settings);
  }

  /**
   * Refuses a secret that would be generated, where each node would have one of its own.
   *
   * @param key the setting that must be there instead
   */
  public static void refuseGenerated(Settings settings, String key) {
    if (isShared(settings)) {
      throw new InvalidSettingException(
          "%s is not set, and caravan.log is shared: each node would generate its own, which the others do not know. Set it, to the same on all nodes."
              .formatted(key));
    }
  }

  /** The SQL that makes the tables of a shared log, in the schema that settings name. */
  public static String schema(Settings settings) {
    return Schema.sql(settings.text("caravan.log.schema"));
  }

  /**
   * Where a log is.
   *
   * @param place a data directory, or the URL of a database whose password and schema settings say
   */
  public static LogCopies.Place place(Settings settings, String place) {
    return PostgresPlace.isMeantBy(place)
        ? new LogCopies.Place(null, LogSettings.shared(settings, place))
        : new LogCopies.Place(Path.of(place), null);
  }
}
