package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes: commits together whatever has arrived since its last commit.
 *
 * <p>After a failure the transaction is rolled back as a whole, everyone in it is told, and
 * outcomes are kept for the next try.
 */
public final class Committer implements Transactions, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int MOST_AT_ONCE = 512;
  private static final long WAIT_IN_TROUBLE_MILLIS = 500;

  private final RunningSubscriptions running;
  private final BatchWriter transactions;
  private final FileHealth health;
  private final Runnable onFailure;
  private final List<AfterCommit> afterCommit;
  private final CommitQueue queue = new CommitQueue();
  private final WriteTrouble trouble;
  private final Thread thread = new Thread(this, "delivery-log-committer");

  /** The transaction's contents. In fields: whatever fails, everybody in it must be told. */
  private final List<TransactionPart> batch = new ArrayList<>(MOST_AT_ONCE);

  private final List<RunningSubscription> changed = new ArrayList<>();

  /** When the oldest part of the open transaction was handed in, in nanoTime; 0 without one. */
  private volatile long underWaySince;

  /**
   * @param file the log's file, for error messages
   * @param afterCommit called after each commit, in this order
   * @param onFailure called when nothing of a batch was written
   */
  public Committer(
      Path file,
      RunningSubscriptions running,
      BatchWriter transactions,
      FileHealth health,
      List<AfterCommit> afterCommit,
      Runnable onFailure) {
    this.trouble = new WriteTrouble(file);
    this.running = running;
    this.transactions = transactions;
    this.health = health;
    this.afterCommit = List.copyOf(afterCommit);
    this.onFailure = onFailure;
  }

  public void start() {
    thread.start();
  }

  @Override
  public void add(TransactionPart part) {
    queue.add(part);
  }

  /** A subscription has an outcome to be written; see {@link CommitQueue#outcomeWaiting}. */
  public void outcomeWaiting(boolean urgent) {
    queue.outcomeWaiting(urgent);
  }

  /** Writes waiting outcomes at once, without waiting for an append. */
  public void writeOutcomes() {
    queue.outcomeWaiting(true);
  }

  /** Completes when the committer has come round to it. */
  public CompletableFuture<Void> heartbeat() {
    AwaitedPart<Boolean> nothing = new AwaitedPart<>(writer -> true, done -> {});
    add(nothing);
    return nothing.future().thenAccept(done -> {});
  }

  /** Why nothing can be written now, or an empty text. */
  String trouble() {
    return trouble.sentence();
  }

  /** How long the oldest waiting part has waited to be written, in nanoseconds. */
  public long longestWait() {
    long since = underWaySince;
    if (since == 0) {
      since = queue.oldestSince();
    }
    return since == 0 ? 0 : Math.max(0, System.nanoTime() - since);
  }

  /** Writes what has been added so far, then ends. */
  public void close() throws InterruptedException {
    queue.close();
    thread.join();
  }

  @Override
  public void run() {
    while (!queue.isOver()) {
      round();
    }
    commit(true);
    transactions.close();
    queue.end();
  }

  private void round() {
    try {
      queue.moveTo(batch, MOST_AT_ONCE);
      if (batch.isEmpty() && !queue.outcomesAreDue()) {
        queue.park();
      } else {
        underWaySince = batch.isEmpty() ? CommitQueue.in(0) : batch.get(0).since();
        commit(false);
      }
    } catch (RuntimeException
        | Error e) { // a fault in handling a failure must not end the only writer
      abandon();
      step(() -> LOG.error("The delivery log's committer failed. It continues.", e));
    } finally {
      underWaySince = 0;
      batch.clear();
      changed.clear();
    }
  }

  private void commit(boolean last) {
    queue.outcomesTaken();
    CommittedBatch committed;
    try {
      health.check();
      committed = transactions.write(batch, changed, trouble.isThere(), last);
    } catch (SQLException | RuntimeException | Error e) { // memory may run out, too
      failed(e);
      return;
    }
    if (transactions.hasLeftOut()) {
      queue.outcomesDueIn(WAIT_IN_TROUBLE_MILLIS);
    }
    // A step that fails must neither prevent those after it nor end this thread.
    afterCommit.forEach(each -> step(() -> each.committed(batch, committed)));
    batch.forEach(part -> step(part::committed));
    step(() -> handOver(committed));
    changed.forEach(subscription -> step(() -> written(subscription)));
    committed.dueChanged().forEach(subscription -> step(subscription::dueChanged));
    step(this::recovered);
  }

  private static void step(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      try {
        LOG.error("What follows a commit of the delivery log failed", e);
      } catch (RuntimeException | Error again) {
        // not even logging works
      }
    }
  }

  private void written(RunningSubscription subscription) {
    subscription.written();
    if (subscription.isOver() && !subscription.hasUnwritten()) {
      running.remove(subscription);
    }
  }

  private void handOver(CommittedBatch committed) {
    if (committed.next() > committed.first() && !running.isEmpty()) {
      List<Envelope> envelopes =
          committed.appended().stream().map(CommittedBatch.Appended::envelope).toList();
      for (RunningSubscription subscription : running) {
        subscription.appended(envelopes, committed.first(), committed.next());
      }
    }
  }

  private void failed(Throwable cause) {
    boolean isNew = trouble.begin(cause);
    onFailure.run();
    health.met(cause);
    transactions.close();
    changed.forEach(RunningSubscription::notWritten);
    queue.outcomesDueIn(WAIT_IN_TROUBLE_MILLIS); // dispatch waits until writing works
    LogUnavailableException unavailable = trouble.unavailable(cause);
    batch.forEach(part -> part.failed(unavailable));
    if (isNew) {
      trouble.report(cause);
    }
  }

  /** The last resort: tells those who wait, one by one; the next round tries again. */
  private void abandon() {
    LogUnavailableException unavailable = trouble.beginUnexpected();
    queue.outcomesDueIn(WAIT_IN_TROUBLE_MILLIS);
    step(transactions::close);
    changed.forEach(subscription -> step(subscription::notWritten));
    batch.forEach(part -> step(() -> part.failed(unavailable)));
  }

  private void recovered() {
    if (trouble.end()) {
      for (RunningSubscription subscription : running) {
        subscription.start();
      }
    }
  }
}
