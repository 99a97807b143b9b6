package dev.caravan.log.postgres.append;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Failures;
import dev.caravan.log.postgres.database.KeptConnection;
import dev.caravan.log.postgres.shards.NodeMemory;
import dev.caravan.log.state.LogCounters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that appends everything that has arrived since its last call, in one call of one
 * function. A call whose outcome is unknown is repeated until eight seconds after the deliveries
 * arrived: GitHub waits ten, and a GUID is accepted only once.
 */
public final class Appender implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** A call that is never answered leaves time for another before GitHub gives up. */
  static final Duration LONGEST_CALL = Duration.ofSeconds(4);

  private static final long BETWEEN_TRIALS_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final KeptConnection connection;
  private final AppendTrial trial = new AppendTrial();
  private final NodeMemory memory;
  private final BatchAppend batches;
  private final Availability availability;
  private final LogCounters counters;
  private final AppendQueue queue;
  private final Queue<CompletableFuture<Void>> heartbeats = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this, "delivery-log-appender");
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile boolean ended;

  public Appender(
      Database database,
      NodeMemory memory,
      BatchAppend batches,
      Availability availability,
      LogCounters counters,
      AppendQueue queue) {
    this.connection = new KeptConnection(database, LONGEST_CALL);
    this.memory = memory;
    this.batches = batches;
    this.availability = availability;
    this.counters = counters;
    this.queue = queue;
  }

  public void start() {
    thread.start();
  }

  public void add(Append append) {
    queue.add(append);
    added();
  }

  /** Adds deliveries from the spool, in their order. */
  void addAll(List<Append> some) {
    queue.addAll(some);
    added();
  }

  private void added() {
    if (ended) {
      refuseAll();
    } else {
      wake();
    }
  }

  /** Completes when this thread has dealt with what came before; fails when it could not. */
  public CompletableFuture<Void> heartbeat() {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    heartbeats.add(answer);
    wake();
    return answer;
  }

  /** The deliveries that wait. */
  AppendQueue waiting() {
    return queue;
  }

  /** Appends what has been added so far, then ends. */
  public void close() throws InterruptedException {
    closing = true;
    queue.endSpooled(closed());
    wake();
    thread.join(2 * TimeUnit.NANOSECONDS.toMillis(AppendQueue.LONGEST_NANOS));
  }

  @Override
  public void run() {
    while (!closing || !queue.isEmpty()) {
      try {
        if (queue.take().isEmpty()) {
          park();
        } else {
          append();
        }
        answerHeartbeats(null);
      } catch (RuntimeException | Error e) { // memory may run out
        LogUnavailableException cause = new LogUnavailableException("The delivery log failed", e);
        queue.batch().forEach(each -> each.failed(cause));
        queue.failSpooled(cause);
        LOG.error("Appending to the delivery log failed in an unexpected way. It continues.", e);
        connection.giveUp();
      }
    }
    ended = true;
    refuseAll();
    answerHeartbeats(null);
    connection.giveUp();
  }

  /**
   * In halves, if necessary: one delivery that the database refuses must not keep out the others.
   */
  private void append() {
    ArrayDeque<List<Append>> parts = new ArrayDeque<>(List.of(queue.batch()));
    while (!parts.isEmpty()) {
      List<Append> part = parts.removeFirst();
      SQLException refusal = appendUntilItIsKnown(part);
      if (refusal != null && part.size() == 1) {
        part.get(0).isRefused(refusal);
      } else if (refusal != null) {
        parts.addFirst(part.subList(part.size() / 2, part.size()));
        parts.addFirst(part.subList(0, part.size() / 2));
      }
    }
  }

  /** Null when it is written or over, else why the database refuses it. */
  private @Nullable SQLException appendUntilItIsKnown(List<Append> part) {
    boolean isKnown = true;
    List<Append> rest = queue.notOver(part); // some may have been spooled while another part waited
    while (!rest.isEmpty()) {
      try {
        appendOnce(rest, !isKnown);
        availability.succeeded(Availability.Part.APPENDS);
        return null;
      } catch (SQLException e) {
        connection.giveUp();
        counters.failedFlushes.increment();
        if (!Failures.isPassing(e)) {
          return e;
        }
        isKnown = false;
        availability.failed(Availability.Part.APPENDS, e);
        answerHeartbeats(availability.unavailable());
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
      queue.expire(availability.unavailable());
      rest = queue.notOver(rest);
      if (connection.isSevered()) { // nobody else fails what waits
        rest.forEach(each -> each.failed(closed()));
        return null;
      }
    }
    return null;
  }

  private void appendOnce(List<Append> some, boolean mayBeOurs) throws SQLException {
    Connection current = connection.get();
    memory.use(
        () -> {
          some.forEach(Append::packAgain);
          batches.append(current, some, mayBeOurs);
        });
  }

  private void answerHeartbeats(@Nullable Throwable failure) {
    for (CompletableFuture<Void> each = heartbeats.poll(); each != null; each = heartbeats.poll()) {
      if (failure == null) {
        each.complete(null);
      } else {
        each.completeExceptionally(failure);
      }
    }
  }

  private void refuseAll() {
    for (Append each = queue.poll(); each != null; each = queue.poll()) {
      each.failed(closed());
    }
  }

  private static LogUnavailableException closed() {
    return new LogUnavailableException("The delivery log is closed");
  }

  private void park() {
    boolean isFailing = availability.isFailing(Availability.Part.APPENDS);
    parked = true;
    if (queue.isEmpty() && heartbeats.isEmpty() && !closing) {
      if (isFailing) {
        LockSupport.parkNanos(this, BETWEEN_TRIALS_NANOS);
      } else {
        LockSupport.park(this);
      }
    }
    parked = false;
    if (isFailing && queue.isEmpty() && !closing) {
      tryIt();
    }
  }

  /** Tries whether deliveries can be appended again while none arrive. */
  private void tryIt() {
    try {
      trial.run(connection.get());
      availability.succeeded(Availability.Part.APPENDS);
    } catch (SQLException e) {
      connection.giveUp();
      availability.failed(Availability.Part.APPENDS, e);
    }
  }

  private void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }
}
