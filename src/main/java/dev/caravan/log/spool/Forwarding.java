package dev.caravan.log.spool;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Spool;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.log.history.DeliveryQuery;
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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only subscription of a spool: appends all its deliveries to the shared log, in order and many
 * at once, and tries again for as long as it takes. What the shared log refuses for good becomes a
 * dead letter.
 *
 * <p>It reports an outcome only for what is in the log or refused, and gets deliveries from one
 * thread: thus they are in order even after a restart.
 */
final class Forwarding implements AutoCloseable {
  private static final String SUBSCRIPTION = "spool";

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final long BETWEEN_TRIES_MILLIS = 500;
  private static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

  private final ScheduledExecutorService timer;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-spool-append"));
  private final Batches batches = new Batches();
  private volatile Spool.@Nullable Destination log;
  private volatile @Nullable Subscription current;
  private volatile long appendedAt = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);
  private final LongAdder appended = new LongAdder();
  private final LongAdder refused = new LongAdder();

  Forwarding(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Sets where deliveries go. */
  void to(Spool.Destination target) {
    log = target;
  }

  /** Sets where deliveries come from: subscribes to that log. */
  void of(SqliteDeliveryLog spooled) {
    current =
        spooled.subscribe(
            new SubscriptionSettings(
                SUBSCRIPTION,
                EventFilter.parse("*", null),
                Batches.MOST_WAITING,
                OrderBy.NONE, // one after the other, not waiting for its end
                false,
                StartFrom.BEGINNING,
                NEVER,
                thread),
            this::handle);
  }

  /**
   * Tries those once more that the shared log has refused for good: what was wrong may be mended.
   *
   * @return completes when they wait as all others do
   */
  CompletableFuture<?> tryRefused(SqliteDeliveryLog spooled) {
    SubscriptionFigures figures = figures(spooled);
    if (figures == null || figures.deadLetters() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    ReplayRequest all =
        new ReplayRequest(
            DeliveryQuery.ALL.outcome(DeliveryQuery.Outcome.DEAD_LETTER, SUBSCRIPTION),
            SUBSCRIPTION,
            ReplayRequest.MOST_PER_SECOND,
            false);
    return spooled.replay(all, "what was refused").replay().end();
  }

  /** How far that log has been forwarded; null before that has begun. */
  static @Nullable SubscriptionFigures figures(SqliteDeliveryLog spooled) {
    return spooled.figures().subscriptions().stream()
        .filter(each -> each.name().equals(SUBSCRIPTION))
        .findAny()
        .orElse(null);
  }

  /** What of that log waits to be forwarded, as far as that is known. */
  static Spool.Waiting waiting(SqliteDeliveryLog spooled) {
    SubscriptionFigures figures = figures(spooled);
    return figures == null ? Spool.Waiting.NONE : waiting(figures);
  }

  /** Work in progress may count as waiting too: after an attempt that was cut off, say. */
  static Spool.Waiting waiting(SubscriptionFigures figures) {
    return new Spool.Waiting(
        Math.max(figures.lag() + figures.due(), figures.inWork()), figures.unfinishedSeconds());
  }

  /** Whether it has appended some within so many of the last seconds. */
  boolean hasAppendedWithin(int seconds) {
    return System.nanoTime() - appendedAt < TimeUnit.SECONDS.toNanos(seconds);
  }

  /** How many it has appended. */
  long appended() {
    return appended.sum();
  }

  /** Whether everything is in the shared log, as far as this process knows. */
  boolean isIdle() {
    Subscription running = current;
    if (running == null) {
      return false;
    }
    SubscriptionStatus status = running.status();
    return !status.behind() && status.running() == 0 && status.waiting() == 0;
  }

  /** How many the shared log has refused for good since this began, also those not written yet. */
  long refused() {
    return refused.sum();
  }

  private void handle(Attempt attempt) {
    try {
      if (batches.add(attempt)) {
        onTimer(this::appendNext, 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it stays in the spool
    }
  }

  private void appendNext() {
    List<Attempt> batch = batches.next();
    if (!batch.isEmpty()) {
      List<CompletableFuture<Receipt>> receipts = appended(batch);
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new))
              .whenComplete((nothing, failure) -> over(batch, receipts));
    }
  }

  /** Appends them. Failures are in the results: if one were thrown, nobody would try again. */
  private List<CompletableFuture<Receipt>> appended(List<Attempt> batch) {
    try {
      return Objects.requireNonNull(log)
          .append(batch.stream().map(each -> SpooledDelivery.unwrap(each.delivery())).toList());
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("Deliveries that were kept cannot be appended now. Trying again.", e);
      return batch.stream().map(each -> CompletableFuture.<Receipt>failedFuture(e)).toList();
    }
  }

  private void over(List<Attempt> batch, List<CompletableFuture<Receipt>> receipts) {
    Set<Attempt> failed = new HashSet<>();
    try {
      for (int index = 0; index < batch.size(); index++) {
        if (!isEnded(batch.get(index), failure(receipts.get(index)))) {
          failed.add(batch.get(index));
        }
      }
    } finally { // otherwise nothing more would be appended
      boolean isHeldUp = batches.over(batch, failed);
      onTimer(this::appendNext, 0);
      if (isHeldUp) {
        onTimer(this::tryAgain, BETWEEN_TRIES_MILLIS);
      }
    }
  }

  /** Reports the outcome of one; returns false when it must be tried again. */
  private boolean isEnded(Attempt attempt, @Nullable Throwable failure) {
    if (failure == null) {
      appendedAt = System.nanoTime();
      appended.increment();
      attempt.succeeded();
      return true;
    }
    boolean isForGood = failure instanceof LogUnavailableException known && known.isForGood();
    if (isForGood) {
      refused.increment();
      attempt.failedForGood(failure);
    }
    return isForGood;
  }

  private static @Nullable Throwable failure(CompletableFuture<Receipt> done) {
    return done.handle(
            (receipt, failure) ->
                failure instanceof CompletionException ? failure.getCause() : failure)
        .join();
  }

  private void tryAgain() {
    batches.tryAgain();
    appendNext();
  }

  private void onTimer(Runnable work, long millis) {
    try {
      Future<?> unused = timer.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      batches.close(); // closed: what waits is appended after the next start
    }
  }

  @Override
  public void close() {
    batches.close();
    thread.shutdown();
  }
}
