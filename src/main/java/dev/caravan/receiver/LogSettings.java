package dev.caravan.receiver;

import dev.caravan.config.Settings;
import dev.caravan.log.Dedupe;
import dev.caravan.log.sqlite.Retention;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.time.Duration;
import java.time.InstantSource;

/** How the settings want the delivery log to behave. */
public final class LogSettings {
  private LogSettings() {}

  /**
   * Reads them.
   *
   * @throws dev.caravan.config.InvalidSettingException for the first that does not fit, by its key
   */
  public static SqliteDeliveryLog.Options from(Settings settings) {
    return new SqliteDeliveryLog.Options(
        switch (settings.text("caravan.dedupe")) {
          case "guid" -> Dedupe.GUID;
          case "guid-and-hook" -> Dedupe.GUID_AND_HOOK;
          case "content" -> Dedupe.CONTENT;
          default -> throw settings.refuse("caravan.dedupe", "guid, guid-and-hook or content");
        },
        settings.size("caravan.route-memory"),
        retention(settings),
        InstantSource.system());
  }

  private static Retention retention(Settings settings) {
    Duration age = settings.duration("caravan.retention.age");
    if (age.compareTo(Retention.SHORTEST_AGE) < 0) {
      throw settings.outOfRange("caravan.retention.age", "at least 1h");
    }
    long size = settings.size("caravan.retention.size");
    if (size < Retention.SMALLEST_SIZE) {
      throw settings.outOfRange("caravan.retention.size", "at least 16MiB");
    }
    return new Retention(age, size);
  }
}
