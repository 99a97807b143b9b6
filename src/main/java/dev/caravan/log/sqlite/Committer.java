package dev.caravan.log.sqlite;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes: commits together whatever has come since its last commit.
 *
 * <p>Outcomes wait for the next append's commit, but no longer than {@link #LONGEST_WAIT_MILLIS}.
 * After a failure the transaction is rolled back as a whole, everyone in it is told, and outcomes
 * are kept for the next try.
 */
final class Committer implements Transactions, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int MOST_AT_ONCE = 512;
  private static final long LONGEST_WAIT_MILLIS = 50;
  private static final long WAIT_IN_TROUBLE_MILLIS = 500;

  private static final String UNEXPECTED = "writing failed in an unexpected way";

  private final Database database;
  private final RunningSubscriptions running;
  private final BatchWriter transactions;
  private final FileHealth health;
  private final Runnable onFailure;
  private final List<AfterCommit> afterCommit;
  private final Queue<TransactionPart> queue = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this, "delivery-log-committer");

  /** What is in the transaction under way. Fields, so that nobody in it is ever forgotten. */
  private final List<TransactionPart> batch = new ArrayList<>(MOST_AT_ONCE);

  private final List<RunningSubscription> changed = new ArrayList<>();
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile boolean ended;

  /** When outcomes are to be written at the latest, in nanoTime; 0 when there are none. */
  private volatile long outcomesDueAt;

  /** When the oldest of the transaction under way was handed in, in nanoTime; 0 without one. */
  private volatile long underWaySince;

  private volatile String trouble = "";

  /**
   * @param afterCommit what follows a commit, in this order
   * @param onFailure called when nothing of a batch was written
   */
  Committer(
      Database database,
      RunningSubscriptions running,
      BatchWriter transactions,
      FileHealth health,
      List<AfterCommit> afterCommit,
      Runnable onFailure) {
    this.database = database;
    this.running = running;
    this.transactions = transactions;
    this.health = health;
    this.afterCommit = List.copyOf(afterCommit);
    this.onFailure = onFailure;
  }

  void start() {
    thread.start();
  }

  @Override
  public void add(TransactionPart work) {
    queue.add(work);
    if (ended) {
      refuseAll(); // nobody else would
    } else {
      wake();
    }
  }

  private void refuseAll() {
    for (TransactionPart work = queue.poll(); work != null; work = queue.poll()) {
      work.failed(new LogUnavailableException("The delivery log is closed"));
    }
  }

  /**
   * Some dispatcher has an outcome to be written.
   *
   * @param urgent whether it cannot go on before that is done
   */
  void outcomeWaiting(boolean urgent) {
    if (urgent || outcomesDueAt == 0) {
      outcomesDueAt = in(urgent ? 0 : LONGEST_WAIT_MILLIS);
      wake();
    }
  }

  /** Lets outcomes that wait be written without waiting for anything else. */
  void writeOutcomes() {
    outcomeWaiting(true);
  }

  /** Why nothing can be written now, or an empty text. */
  String trouble() {
    return trouble;
  }

  /** How long the oldest of what is to be written has waited, in nanoseconds. */
  long longestWait() {
    long since = underWaySince;
    if (since == 0) {
      TransactionPart next = queue.peek();
      since = next == null ? 0 : next.since();
    }
    return since == 0 ? 0 : Math.max(0, System.nanoTime() - since);
  }

  /** Writes what has been added so far, then ends. */
  void close() throws InterruptedException {
    closing = true;
    wake();
    thread.join();
  }

  @Override
  public void run() {
    while (!closing || !queue.isEmpty()) {
      round();
    }
    commit(true);
    transactions.close();
    ended = true;
    refuseAll();
  }

  private void round() {
    try {
      takeBatch();
      if (batch.isEmpty() && !outcomesAreDue()) {
        park();
      } else {
        underWaySince = batch.isEmpty() ? in(0) : batch.get(0).since();
        commit(false);
      }
    } catch (RuntimeException | Error e) { // in what deals with failures: nobody else would write
      abandon();
      step(() -> LOG.error("The delivery log's committer failed. It goes on.", e));
    } finally {
      underWaySince = 0;
      batch.clear();
      changed.clear();
    }
  }

  private void takeBatch() {
    while (batch.size() < MOST_AT_ONCE) {
      TransactionPart work = queue.poll();
      if (work == null) {
        return;
      }
      batch.add(work);
    }
  }

  private void commit(boolean last) {
    outcomesDueAt = 0;
    Transaction.Batch appended;
    try {
      health.check();
      appended = transactions.write(batch, changed, !trouble.isEmpty(), last);
    } catch (SQLException | RuntimeException | Error e) { // memory may run out, too
      failed(e);
      return;
    }
    if (transactions.hasLeftOut()) {
      outcomesDueAt = in(WAIT_IN_TROUBLE_MILLIS);
    }
    // One step that fails must not keep those after it from happening, nor end this thread.
    afterCommit.forEach(each -> step(() -> each.committed(batch, appended)));
    batch.forEach(work -> step(work::committed));
    step(() -> handOver(appended));
    changed.forEach(dispatcher -> step(() -> written(dispatcher)));
    appended.dueChanged().forEach(dispatcher -> step(dispatcher::dueChanged));
    step(this::recovered);
  }

  private static void step(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      try {
        LOG.error("What follows a commit of the delivery log failed", e);
      } catch (RuntimeException | Error again) {
        // not even that
      }
    }
  }

  private void written(RunningSubscription dispatcher) {
    dispatcher.written();
    if (dispatcher.isOver() && !dispatcher.hasUnwritten()) {
      running.remove(dispatcher);
    }
  }

  private void handOver(Transaction.Batch batch) {
    if (batch.next() > batch.first() && !running.isEmpty()) {
      List<Envelope> entries = batch.appended().stream().map(Transaction.Appended::entry).toList();
      for (RunningSubscription dispatcher : running) {
        dispatcher.appended(entries, batch.first(), batch.next());
      }
    }
  }

  private void failed(Throwable cause) {
    boolean isNew = trouble.isEmpty();
    trouble = sentence(cause);
    onFailure.run();
    health.met(cause);
    transactions.close();
    changed.forEach(RunningSubscription::notWritten);
    outcomesDueAt = in(WAIT_IN_TROUBLE_MILLIS); // dispatch waits for it to get better
    LogUnavailableException unavailable =
        new LogUnavailableException("The delivery log cannot be written: " + trouble, cause);
    batch.forEach(work -> work.failed(unavailable));
    if (isNew) {
      report(cause);
    }
  }

  /** The last resort: whoever waits is told, one by one, and the next round tries again. */
  private void abandon() {
    trouble = UNEXPECTED;
    outcomesDueAt = in(WAIT_IN_TROUBLE_MILLIS);
    step(transactions::close);
    changed.forEach(dispatcher -> step(dispatcher::notWritten));
    batch.forEach(
        work ->
            step(() -> work.failed(new LogUnavailableException("The delivery log: " + trouble))));
  }

  private void report(Throwable cause) {
    String sentence =
        "The delivery log cannot be written: %s. Deliveries are answered 503 and none is handed to routes until it can."
            .formatted(sentence(cause));
    if (Damage.is(cause)) {
      LOG.error("{} {}", sentence, Damage.sentence(database.file(), ErrorSentence.of(cause)));
    } else if (cause instanceof SQLException) {
      LOG.error(sentence);
    } else {
      LOG.error(sentence, cause); // a fault of ours
    }
  }

  private static String sentence(Throwable cause) {
    String message = cause instanceof LogFileException ? cause.getMessage() : null;
    return message == null ? ErrorSentence.of(cause) : message;
  }

  private void recovered() {
    if (!trouble.isEmpty()) {
      LOG.info("The delivery log can be written again.");
      trouble = "";
      for (RunningSubscription dispatcher : running) {
        dispatcher.start();
      }
    }
  }

  private boolean outcomesAreDue() {
    long dueAt = outcomesDueAt;
    return dueAt != 0 && System.nanoTime() - dueAt >= 0;
  }

  private void park() {
    parked = true;
    if (queue.isEmpty() && !closing) {
      long dueAt = outcomesDueAt;
      if (dueAt == 0) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, Math.max(1, dueAt - System.nanoTime()));
      }
    }
    parked = false;
  }

  private void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  private static long in(long millis) {
    long time = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return time == 0 ? 1 : time;
  }
}
