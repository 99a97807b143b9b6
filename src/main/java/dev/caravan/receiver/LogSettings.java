package dev.caravan.receiver;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.config.TextFile;
import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Retention;
import dev.caravan.log.Spool;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.spool.DiskSpool;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How and where the settings want the delivery log to be kept. */
public final class LogSettings {
  private static final String LOG = "caravan.log";
  private static final String PASSWORD_FILE = "caravan.log.password-file";
  private static final String LEASE = "caravan.cluster.lease";
  private static final String SPOOL = "caravan.log.spool";
  private static final Duration LONGEST_BEFORE_SPOOL = Duration.ofSeconds(8);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(5);

  private LogSettings() {}

  /**
   * Reads them.
   *
   * @throws dev.caravan.config.InvalidSettingException for the first that does not fit, by its key
   */
  public static LogOptions from(Settings settings) {
    return new LogOptions(
        switch (settings.text("caravan.dedupe")) {
          case "guid" -> Dedupe.GUID;
          case "guid-and-hook" -> Dedupe.GUID_AND_HOOK;
          case "content" -> Dedupe.CONTENT;
          default -> throw settings.refuse("caravan.dedupe", "guid, guid-and-hook or content");
        },
        settings.size("caravan.route-memory"),
        settings.integer("caravan.route-share", 10, 100),
        retention(settings),
        InstantSource.system(),
        System::nanoTime);
  }

  /**
   * Whether several processes share the log; where and how does not matter here.
   *
   * @throws dev.caravan.config.InvalidSettingException when caravan.log says neither
   */
  static boolean isShared(Settings settings) {
    String where = settings.text(LOG);
    if (PostgresPlace.isMeantBy(where)) {
      return true;
    }
    if (!where.equals("sqlite")) {
      throw settings.refuse(LOG, "sqlite or a URL such as postgresql://caravan@db1/caravan");
    }
    return false;
  }

  /**
   * Where the log is that several processes share, or null when it is this one's alone.
   *
   * @throws dev.caravan.config.InvalidSettingException for the first that does not fit, by its key
   */
  public static @Nullable PostgresPlace shared(Settings settings) {
    return isShared(settings) ? shared(settings, settings.text(LOG)) : null;
  }

  /** The same for a log at that URL. */
  static PostgresPlace shared(Settings settings, String where) {
    Duration lease = settings.duration(LEASE);
    if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
      throw settings.outOfRange(LEASE, "from 2s to 5m");
    }
    try {
      return new PostgresPlace(
          where, password(settings), settings.text("caravan.log.schema"), node(settings), lease);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          "caravan.log or caravan.log.schema cannot be used. Write %s.".formatted(e.getMessage()));
    }
  }

  /**
   * Where deliveries are kept while the database of a shared log is away, with what it keeps from
   * before; null when there is none and none should be kept.
   *
   * @param data the directory of this process
   */
  static @Nullable Spool spool(Settings settings, Path data) {
    boolean isOn = isSpoolOn(settings);
    Duration after = settings.duration(SPOOL + ".after");
    if (after.compareTo(LONGEST_BEFORE_SPOOL) > 0) {
      throw settings.outOfRange(SPOOL + ".after", "at most 8s: GitHub waits ten seconds");
    }
    Path directory = data.resolve("spool");
    return isOn || SqliteDeliveryLog.isIn(directory) ? new DiskSpool(directory, after, isOn) : null;
  }

  private static boolean isSpoolOn(Settings settings) {
    return switch (settings.text(SPOOL)) {
      case "on" -> true;
      case "off" -> false;
      default -> throw settings.refuse(SPOOL, "on or off");
    };
  }

  /** Refuses to leave behind what was spooled for a shared log that is no longer used. */
  static void refuseSpool(Settings settings, Path data) {
    if (isSpoolOn(settings)) {
      throw new InvalidSettingException(
          SPOOL + " is on, but the log is in a file of this machine. Set it to off.");
    }
    Path directory = data.resolve("spool");
    if (SqliteDeliveryLog.isIn(directory)) {
      throw new InvalidSettingException(
          "%s keeps deliveries for a PostgreSQL log, and %s is sqlite. Start with that log once, until they are in it, or move the directory away."
              .formatted(directory, LOG));
    }
  }

  private static String password(Settings settings) {
    String file = settings.text(PASSWORD_FILE);
    if (file.isEmpty()) {
      return settings.text("caravan.log.password");
    }
    try {
      return TextFile.read(Path.of(file)).strip();
    } catch (IOException e) {
      throw new InvalidSettingException(
          "%s names %s, which cannot be read: %s.".formatted(PASSWORD_FILE, file, e.getMessage()));
    }
  }

  private static String node(Settings settings) {
    String given = settings.text("caravan.node");
    if (!given.isEmpty()) {
      return given;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  private static Retention retention(Settings settings) {
    Duration age = settings.duration("caravan.retention.age");
    if (age.compareTo(Retention.SHORTEST_AGE) < 0) {
      throw settings.outOfRange("caravan.retention.age", "at least 1h");
    }
    if (age.compareTo(Retention.LONGEST_AGE) > 0) {
      throw settings.outOfRange("caravan.retention.age", "at most 999999999d");
    }
    long size = settings.size("caravan.retention.size");
    if (size < Retention.SMALLEST_SIZE) {
      throw settings.outOfRange("caravan.retention.size", "at least 16MiB");
    }
    return new Retention(age, size);
  }
}
