package dev.caravan.log.spool;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.Retention;
import dev.caravan.log.Spool;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.wording.Count;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A spool that is a delivery log in a file, with one subscription: its route appends to the shared
 * log. So the promises of such a log hold for what is spooled: flushed before it is answered, in
 * order within each lane, there after a crash. Once all of it is in the shared log, the file is
 * replaced by an empty one.
 */
public final class DiskSpool implements Spool {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long BETWEEN_LOOKS_MILLIS = 100;
  private static final long BETWEEN_LOOKS_AT_THE_END_MILLIS = 20;

  /** What a busy node has on its way through at any time. */
  private static final int FEW = 64;

  private static final int ALL_OF_THE_PROCESSOR = 100; // in percent

  /** Deliveries are kept until they are appended, however long that takes. */
  private static final Retention FOR_EVER = new Retention(Duration.ofDays(36_500), 1L << 60);

  private final SpoolFile file;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "delivery-log-spool"));
  private final Forwarding forwarding = new Forwarding(thread);
  private final Brake brake = new Brake(forwarding::appended);
  private final Duration patience;
  private final boolean isOn;
  private final AtomicInteger arriving = new AtomicInteger();
  private final AtomicLong kept = new AtomicLong();
  private volatile long refused;
  private CompletableFuture<?> triedAgain = CompletableFuture.completedFuture(null);
  private boolean hasKept;
  private volatile @Nullable Destination destination;

  /** True at first: nothing is deleted before it is known what is there. */
  private volatile boolean inUse = true;

  private volatile boolean closed;

  /**
   * Opens it.
   *
   * @param directory its own directory
   * @param patience how long a delivery waits for the log before it is kept
   * @param isOn whether new ones are kept; if not, only the ones already here are appended
   * @throws IllegalStateException with a sentence for the user when nothing can be kept there
   */
  public DiskSpool(Path directory, Duration patience, boolean isOn) {
    this.patience = patience;
    this.isOn = isOn;
    this.file =
        new SpoolFile(
            directory,
            new LogOptions(
                Dedupe.GUID,
                Long.MAX_VALUE, // forwarding bounds it, and in order
                ALL_OF_THE_PROCESSOR,
                FOR_EVER,
                InstantSource.system(),
                System::nanoTime),
            forwarding::of);
  }

  @Override
  public synchronized void appendTo(Destination target) {
    destination = target;
    forwarding.to(target);
    forwarding.of(file.log());
    triedAgain = forwarding.tryRefused(file.log());
    Waiting left = Forwarding.waiting(file.log());
    kept.set(left.deliveries());
    inUse = true; // until it was looked at
    if (left.deliveries() > 0) {
      LOG.warn(
          "{} has {} from before this start, to be appended to the delivery log's database.",
          file.directory(),
          Count.of(left.deliveries(), "delivery"));
    }
    lookLater(0);
  }

  private void lookLater(long millis) {
    try {
      Future<?> unused = thread.schedule(this::look, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The spool is closed", e);
    }
  }

  @Override
  public synchronized CompletableFuture<Receipt> keep(Delivery delivery) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("The delivery log is closed"));
    }
    file.lookNowAndThen();
    String trouble = trouble();
    if (!trouble.isEmpty()) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("The spool accepts no deliveries: " + trouble));
    }
    if (!inUse) {
      inUse = true;
      LOG.warn(
          "The delivery log's database is away: deliveries are kept in {} and appended to it when it is back.",
          file.directory());
    }
    arriving.incrementAndGet();
    try {
      return file.log()
          .append(SpooledDelivery.wrap(delivery))
          .whenComplete((receipt, failure) -> arrived(failure == null))
          .thenCompose(brake::answer);
    } catch (RuntimeException | Error e) { // otherwise the spool would wait for it for ever
      arrived(false);
      throw e;
    }
  }

  private void arrived(boolean isKept) {
    if (isKept) {
      kept.incrementAndGet();
    }
    arriving.decrementAndGet();
  }

  @Override
  public Duration patience() {
    return patience;
  }

  @Override
  public boolean isInUse() {
    return inUse;
  }

  /** Ends the use of the spool once all of it is in the log; looks often when that is near. */
  private void look() {
    long next = BETWEEN_LOOKS_MILLIS;
    try {
      lookAtFile();
      if (inUse && lookForEnd()) {
        next = BETWEEN_LOOKS_AT_THE_END_MILLIS;
      }
    } catch (RuntimeException | Error e) { // otherwise nobody would look again
      LOG.error("Cannot tell whether the spool is empty. Looking again.", e);
    }
    lookLater(next);
  }

  private synchronized void lookAtFile() {
    if (!closed) {
      file.lookNowAndThen();
    }
  }

  /** Ends the use if all is appended; else returns whether the end is near. */
  private boolean lookForEnd() {
    // Asked before the figures: none begins to arrive under the lock, and the figures show all that
    // have arrived.
    boolean isEmpty;
    long left;
    synchronized (this) {
      boolean isArriving = arriving.get() > 0 || !triedAgain.isDone();
      SubscriptionFigures figures = closed ? null : Forwarding.figures(file.log());
      if (figures == null) {
        return false;
      }
      left = Forwarding.waiting(figures).deliveries();
      isEmpty = left == 0 && !isArriving && forwarding.isIdle();
      brake.set(left > FEW && forwarding.hasAppendedWithin(5));
      if (isEmpty) {
        end(Math.max(figures.deadLetters(), forwarding.refused()));
      }
    }
    boolean isNear = !isEmpty && left <= Batches.MOST_AT_ONCE && forwarding.hasAppendedWithin(1);
    if (isEmpty) { // not under this lock: the destination has its own
      Objects.requireNonNull(destination).all();
      forgetAll();
    } else if (isNear) {
      Objects.requireNonNull(destination).almostAll();
    }
    return isNear || left == 0; // as at a start, until it is known that nothing is under way
  }

  private void end(long deadLetters) {
    inUse = false;
    refused = deadLetters; // including those of earlier starts
    long done = kept.getAndSet(0);
    hasKept |= done > 0;
    if (refused > 0) {
      LOG.error(
          "The database refuses {} of those in {}, and has taken the others. Each start of this node tries them once more. While it is stopped, this lists them: caravan deliveries --data {} --set caravan.log=sqlite",
          Count.of(refused, "delivery"),
          file.directory(),
          file.directory());
    } else if (done > 0) {
      LOG.info(
          "The delivery log's database has taken all that was kept in {}: {}.",
          file.directory(),
          Count.of(done, "delivery"));
    }
  }

  /** Replaces the file, unless more has come meanwhile or something in it was refused. */
  private synchronized void forgetAll() {
    if (!closed && !inUse && refused == 0 && hasKept) {
      file.makeAnew();
      hasKept = false;
    }
  }

  /** Reads the file, unless it is not in use. */
  @Override
  public Waiting waiting() {
    return inUse ? Forwarding.waiting(file.log()) : Waiting.NONE;
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public String trouble() {
    return isOn || inUse ? file.trouble() : "caravan.log.spool is off";
  }

  @Override
  public void close() {
    thread.shutdownNow();
    boolean isOver;
    synchronized (this) {
      closed = true;
      isOver = !inUse && refused == 0 && arriving.get() == 0;
    }
    try {
      file.close(isOver);
    } finally {
      forwarding.close();
    }
  }
}
