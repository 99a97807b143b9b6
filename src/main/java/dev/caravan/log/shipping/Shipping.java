package dev.caravan.log.shipping;

import dev.caravan.log.pages.FellBehindException;
import dev.caravan.log.pages.LogPages;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships a log to a storage while it is written to: the pages that have changed as a segment, every
 * second or so, and the whole file once a day by default. On threads of its own; nobody waits for
 * it.
 *
 * <p>An unavailable storage is reported once. Changes are kept meanwhile, up to a bound; beyond it,
 * the file is compared with what was shipped once the storage is back.
 */
public final class Shipping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  /** How often to look whether a sign is due: often enough for signs not to be late. */
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(3);

  private static final int TRIES_AT_THE_END = 3;
  private static final Duration BETWEEN_REMINDERS = Duration.ofHours(1);

  private final Storage storage;
  private final ShippingOptions options;
  private final InstantSource clock;
  private final Changes changes;
  private final Copies copies;
  private final Thread thread = new Thread(this::run, "delivery-log-shipping");
  private final ScheduledExecutorService signs =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread signing = new Thread(work, "delivery-log-shipping-signs");
            signing.setDaemon(true);
            return signing;
          });
  private volatile boolean closing;
  private final Instant started;
  private volatile @Nullable Instant shippedUpTo;

  /** Whether changes were lost, and the file must be compared with what was shipped. */
  private boolean hasGap;

  /** Whether the last cycle failed. */
  private boolean hasFailed;

  private int failures;
  private Instant remindAt = Instant.MIN;

  /**
   * @param folder for what it must remember, on this machine
   */
  public Shipping(
      LogPages log, Storage storage, Path folder, ShippingOptions options, InstantSource clock) {
    this.storage = storage;
    this.options = options;
    this.clock = clock;
    this.changes = new Changes(log, folder);
    this.copies = new Copies(log, storage, folder, options, clock, changes);
    this.started = clock.instant();
  }

  /** Ships from now on. */
  public void start() {
    thread.start();
    long seconds = BETWEEN_SIGNS.toSeconds();
    Future<?> unused =
        signs.scheduleWithFixedDelay(copies::sign, seconds, seconds, TimeUnit.SECONDS);
  }

  /**
   * The age of what was shipped: what a lost disk would cost at this moment. For ever before the
   * first whole copy has arrived.
   */
  public Duration age() {
    Instant upTo = shippedUpTo;
    if (upTo == null) {
      if (!copies.hasWhole()) {
        return ChronoUnit.FOREVER.getDuration();
      }
      upTo = started; // an earlier run has shipped what was there before
    }
    Duration age = Duration.between(upTo, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Ships the rest, for about twenty seconds at most, and ends. The log is still open. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LONGEST_END.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(LONGEST_END.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    changes.close();
  }

  /** The log is closed, and nobody writes to its file any more. */
  public void logClosed() {
    copies.logClosed();
  }

  private void run() {
    while (!closing && !thread.isInterrupted()) {
      long began = System.nanoTime();
      long pause = cycle() - (System.nanoTime() - began);
      if (pause > 0 && !closing) {
        LockSupport.parkNanos(this, pause);
      }
    }
    // The rest. Does not wait for a storage that failed before: somebody waits for this to end.
    int tries = failures == 0 || hasGap ? TRIES_AT_THE_END : 1;
    do {
      cycle();
      tries -= hasFailed ? 1 : 0; // closing a gap takes several steps
    } while ((hasFailed || hasGap) && tries > 0 && !thread.isInterrupted());
    signs.shutdownNow();
    copies.close();
  }

  /** Ships once; returns the nanoseconds from its start to the next. */
  private long cycle() {
    try {
      Instant upTo = copies.ship();
      hasFailed = false;
      if (upTo != null) {
        hasGap = false;
        shippedUpTo = upTo;
      }
      if (failures > 0) {
        failures = 0;
        LOG.info("The log is shipped to {} again.", storage);
      }
      return copies.pause();
    } catch (FellBehindException e) {
      changes.stop();
      copies.scanAgain();
      hasGap = true;
      hasFailed = true;
      LOG.warn(
          "What was shipped of the log to {} has a gap: {}. The file is compared with it.",
          storage,
          e.getMessage());
      return options.every().toNanos();
    } catch (IOException | RuntimeException | Error e) {
      return failed(e);
    }
  }

  private long failed(Throwable cause) {
    Instant now = clock.instant();
    if (cause instanceof PlaceTakenException && !now.isBefore(remindAt)) {
      remindAt = now.plus(BETWEEN_REMINDERS);
      LOG.error("The log is not shipped to {}: {}.", storage, cause.getMessage());
    } else if (failures == 0 && !(cause instanceof PlaceTakenException)) {
      LOG.warn(
          "The log cannot be shipped to {}: {}. Deliveries are accepted as before; what is missing there is shipped as soon as it can be.",
          storage,
          CopyFailure.of(cause));
    }
    failures++;
    hasFailed = true;
    long pause = options.every().toNanos() << Math.min(failures, Byte.SIZE);
    return Math.min(pause, TimeUnit.NANOSECONDS.convert(LONGEST_PAUSE));
  }
}
