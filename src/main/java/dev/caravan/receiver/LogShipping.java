package dev.caravan.receiver;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.log.LogBackup;
import dev.caravan.log.LogEngine;
import dev.caravan.log.shipping.ShippingOptions;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.storage.Places;
import dev.caravan.storage.Storage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the settings want the log to be shipped to, and how. */
public final class LogShipping {
  private static final String PLACE = "caravan.log.ship";
  private static final int MOST_KEPT = 1000;

  private final @Nullable Storage storage;
  private final ShippingOptions options;

  private LogShipping(@Nullable Storage storage, ShippingOptions options) {
    this.storage = storage;
    this.options = options;
  }

  /**
   * Reads them.
   *
   * @throws InvalidSettingException for the first that cannot be used
   */
  static LogShipping from(Settings settings, Map<String, String> environment) {
    Duration every = settings.duration(PLACE + ".every");
    if (every.isZero()) {
      throw settings.outOfRange(PLACE + ".every", "over 0s");
    }
    Duration base = settings.duration(PLACE + ".base");
    if (base.compareTo(Duration.ofMinutes(1)) < 0) {
      throw settings.outOfRange(PLACE + ".base", "at least 1m");
    }
    ShippingOptions options =
        new ShippingOptions(
            every, base, settings.integer(PLACE + ".keep", 1, MOST_KEPT), LogBackup.USUAL_RATE);
    String place = settings.text(PLACE);
    if (place.isEmpty()) {
      return new LogShipping(null, options);
    }
    if (LogEngines.isShared(settings)) {
      throw new InvalidSettingException(
          PLACE + " is set, but the log is in PostgreSQL, which ships it by its own means.");
    }
    try {
      return new LogShipping(
          Places.open(place, settings.text(PLACE + ".endpoint"), environment), options);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(PLACE + ": " + e.getMessage());
    }
  }

  /**
   * Only reads them.
   *
   * @throws InvalidSettingException for the first that cannot be used
   */
  public static void check(Settings settings) {
    from(settings, System.getenv());
  }

  /** Ships that log, if the settings say so. */
  void begin(LogEngine log) {
    if (storage != null && log instanceof SqliteDeliveryLog embedded) {
      embedded.shipTo(storage, options);
    }
  }
}
