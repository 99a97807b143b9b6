package dev.caravan.log.spool;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one subscription of a spool: appends each delivery to the shared log, and tries that again
 * for as long as it takes. What the shared log refuses for good becomes a dead letter.
 */
final class Forwarding implements AutoCloseable {
  static final String SUBSCRIPTION = "spool";

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final int AT_ONCE = 64;
  private static final long BETWEEN_TRIES_MILLIS = 500;
  private static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

  private final ScheduledExecutorService timer;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-spool-append"));
  private volatile Function<Delivery, CompletableFuture<Receipt>> log =
      any -> CompletableFuture.failedFuture(new LogUnavailableException("It is starting"));

  private volatile @Nullable Subscription current;

  Forwarding(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Where deliveries go. */
  void to(Function<Delivery, CompletableFuture<Receipt>> target) {
    log = target;
  }

  /** Where they come from. */
  void of(SqliteDeliveryLog spooled) {
    current =
        spooled.subscribe(
            new SubscriptionSettings(
                SUBSCRIPTION,
                EventFilter.parse("*", null),
                AT_ONCE,
                OrderBy.REPOSITORY,
                true,
                StartFrom.BEGINNING,
                NEVER,
                thread),
            this::append);
  }

  /** Whether all that is there is in the shared log, as far as this process can know. */
  boolean isIdle() {
    Subscription running = current;
    if (running == null) {
      return false;
    }
    SubscriptionStatus status = running.status();
    return !status.behind() && status.running() == 0 && status.waiting() == 0;
  }

  private void append(Attempt attempt) {
    CompletableFuture<Receipt> unused =
        appended(attempt.delivery())
            .whenComplete(
                (receipt, failure) -> {
                  if (failure == null) {
                    attempt.succeeded();
                  } else if (isForGood(failure)) {
                    attempt.failedForGood(failure);
                  } else {
                    later(attempt);
                  }
                });
  }

  /**
   * A delivery is appended, or that has failed: never thrown, since then nobody would try again.
   */
  private CompletableFuture<Receipt> appended(Delivery spooled) {
    try {
      return log.apply(SpooledDelivery.unwrap(spooled));
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("A delivery that was kept cannot be appended now. Trying again.", e);
      return CompletableFuture.failedFuture(e);
    }
  }

  private void later(Attempt attempt) {
    try {
      Future<?> unused =
          timer.schedule(() -> append(attempt), BETWEEN_TRIES_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      attempt.cutOff(); // closed: it is appended after the next start
    }
  }

  private static boolean isForGood(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof LogUnavailableException unavailable && unavailable.isForGood();
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
