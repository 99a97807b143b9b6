package dev.caravan.log.sqlite;

import dev.caravan.log.pages.LogPages;
import dev.caravan.log.shipping.Shipping;
import dev.caravan.log.shipping.ShippingOptions;
import dev.caravan.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The shipping of a log to a storage, if there is any. */
final class ShippedLog {
  private volatile @Nullable Shipping shipping;

  /**
   * Ships the log from now on.
   *
   * @param state the directory for what must be remembered
   */
  void begin(LogPages log, Storage storage, Path state, ShippingOptions options) {
    Shipping begun = new Shipping(log, storage, state, options, InstantSource.system());
    shipping = begun;
    begun.start();
  }

  /** What {@link Shipping#age} says; null when the log is not shipped. */
  @Nullable Duration age() {
    Shipping begun = shipping;
    return begun == null ? null : begun.age();
  }

  /** Nothing more is written into the log. */
  void close() throws InterruptedException {
    Shipping begun = shipping;
    if (begun != null) {
      begun.close();
    }
  }

  /** The log's file is closed. */
  void logClosed() {
    Shipping begun = shipping;
    if (begun != null) {
      begun.logClosed();
    }
  }
}
