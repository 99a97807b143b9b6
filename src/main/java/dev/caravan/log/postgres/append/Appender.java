package dev.caravan.log.postgres.append;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Failures;
import dev.caravan.log.postgres.database.KeptConnection;
import dev.caravan.log.tables.LogCounters;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that appends: all that has come since its last call in one call of one function. A
 * call whose outcome is not known is made again, until eight seconds after the deliveries came:
 * GitHub waits ten, and a GUID is taken only once.
 */
public final class Appender implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final int MOST_AT_ONCE = 512;
  private static final int MOST_BYTES_AT_ONCE = 16 << 20;
  private static final Duration LONGEST_CALL = Duration.ofSeconds(4);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final KeptConnection connection;
  private final BatchAppend batches;
  private final Availability availability;
  private final LogCounters counters;
  private final boolean isSpooled;
  private final Queue<Append> queue = new ConcurrentLinkedQueue<>();
  private final Queue<CompletableFuture<Void>> heartbeats = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this, "delivery-log-appender");
  private volatile List<Append> batch = List.of();
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile boolean ended;

  /**
   * @param isSpooled whether somebody hands on what waits for too long
   */
  public Appender(
      Database database,
      BatchAppend batches,
      Availability availability,
      LogCounters counters,
      boolean isSpooled) {
    this.connection = new KeptConnection(database, LONGEST_CALL);
    this.batches = batches;
    this.availability = availability;
    this.counters = counters;
    this.isSpooled = isSpooled;
  }

  public void start() {
    thread.start();
  }

  public void add(Append append) {
    queue.add(append);
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

  /** Tells those that have waited for so long that nobody waits for them any more. */
  void expire() {
    batch.stream().filter(this::isOverdue).forEach(each -> each.failed(availability.unavailable()));
    for (Append next = queue.peek(); next != null && isOverdue(next); next = queue.peek()) {
      if (queue.remove(next)) {
        next.failed(availability.unavailable());
      }
    }
  }

  /** Where there is a spool, it takes those that are not from there. */
  private boolean isOverdue(Append append) {
    return append.isFromSpool() == isSpooled && append.hasWaited(LONGEST_NANOS);
  }

  /** Whether one that is not from the spool waits for so long, or longer. */
  boolean isWaitingFor(Duration time) {
    return Stream.concat(batch.stream(), queue.stream())
        .filter(each -> !each.isFromSpool() && !each.isOver())
        .findFirst()
        .filter(oldest -> oldest.hasWaited(time.toNanos()))
        .isPresent();
  }

  /**
   * Gives up those that wait, in the order in which they came, for somebody else to keep; but for
   * those from the spool. A call that is under way may append some of them nevertheless.
   */
  synchronized List<Append> handOn() {
    List<Append> waiting = new ArrayList<>(batch);
    waiting.addAll(queue);
    waiting.removeIf(each -> each.isFromSpool() || each.isOver());
    waiting.forEach(Append::handOn);
    queue.removeAll(Set.copyOf(waiting));
    return waiting;
  }

  /** Appends what has been added so far, then ends. */
  public void close() throws InterruptedException {
    Stream.concat(batch.stream(), queue.stream())
        .filter(Append::isFromSpool)
        .forEach(each -> each.failed(availability.unavailable())); // they are there
    closing = true;
    wake();
    thread.join(2 * TimeUnit.NANOSECONDS.toMillis(LONGEST_NANOS));
  }

  @Override
  public void run() {
    while (!closing || !queue.isEmpty()) {
      try {
        takeBatch();
        if (batch.isEmpty()) {
          park();
        } else {
          append();
        }
        answerHeartbeats(null);
      } catch (RuntimeException | Error e) { // memory may run out
        batch.forEach(
            each -> each.failed(new LogUnavailableException("The delivery log failed", e)));
        LOG.error("Appending to the delivery log failed in an unexpected way. It goes on.", e);
        connection.giveUp();
      }
    }
    ended = true;
    refuseAll();
    answerHeartbeats(null);
    connection.giveUp();
  }

  private synchronized void takeBatch() {
    List<Append> some = new ArrayList<>();
    int bytes = 0;
    while (some.size() < MOST_AT_ONCE && bytes < MOST_BYTES_AT_ONCE) {
      Append next = queue.poll();
      if (next == null) {
        break;
      }
      bytes += next.added().content().bytes().length;
      some.add(next);
    }
    batch = some;
  }

  /** By parts, if it has to be: what the database refuses of one must not keep out the others. */
  private void append() {
    ArrayDeque<List<Append>> parts = new ArrayDeque<>(List.of(batch));
    while (!parts.isEmpty()) {
      List<Append> part = parts.removeFirst();
      SQLException refusal = appendUntilItIsKnown(part);
      if (refusal != null && part.size() == 1) {
        part.get(0)
            .failed(
                new LogUnavailableException(
                    "The delivery log could not write this: " + ErrorSentence.of(refusal),
                    refusal,
                    true));
        LOG.error("A delivery cannot be written and is left out.", refusal);
      } else if (refusal != null) {
        parts.addFirst(part.subList(part.size() / 2, part.size()));
        parts.addFirst(part.subList(0, part.size() / 2));
      }
    }
  }

  /** Null when it is written, or too late. */
  private @Nullable SQLException appendUntilItIsKnown(List<Append> part) {
    boolean isKnown = true;
    List<Append> rest = part;
    while (!rest.isEmpty()) {
      try {
        batches.append(connection.get(), rest, !isKnown);
        availability.succeeded();
        return null;
      } catch (SQLException e) {
        connection.giveUp();
        counters.failedFlushes.increment();
        if (!Failures.isPassing(e)) {
          return e;
        }
        isKnown = false;
        availability.failed(e);
        answerHeartbeats(availability.unavailable());
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
      expire();
      rest = rest.stream().filter(each -> !each.isOver()).toList();
    }
    return null;
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
      each.failed(new LogUnavailableException("The delivery log is closed"));
    }
  }

  private void park() {
    parked = true;
    if (queue.isEmpty() && heartbeats.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    parked = false;
  }

  private void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }
}
