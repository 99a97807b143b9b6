package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.OpenFiles;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Writes in one transaction what the committer has collected. A part that fails by its own fault is
 * left out, and the others are written without it. For the committer's thread.
 */
public final class BatchWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** Errors of SQLite about a statement, not about the file, in the lower byte of its code. */
  private static final Set<Integer> OF_A_STATEMENT =
      Set.of(
          SQLiteErrorCode.SQLITE_CONSTRAINT.code,
          SQLiteErrorCode.SQLITE_TOOBIG.code,
          SQLiteErrorCode.SQLITE_MISMATCH.code,
          SQLiteErrorCode.SQLITE_RANGE.code);

  private static final int ERROR = 0xFF;

  /** Outcomes that failed by their own fault are tried again after this, then twice this … */
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Database database;
  private final EventTypes kinds;
  private final RunningSubscriptions running;
  private final OpenFiles files;
  private final Map<RunningSubscription, LeftOut> leftOut = new HashMap<>();
  private @Nullable Transaction writer;

  /** The subscription or the part that is being written, or null between them. */
  private @Nullable Object part;

  private long complainAt = System.nanoTime();

  public BatchWriter(
      Database database,
      EventTypes kinds,
      RunningSubscriptions running,
      OpenFiles files,
      Transaction writer) {
    this.database = database;
    this.kinds = kinds;
    this.running = running;
    this.files = files;
    this.writer = writer;
  }

  /** Since when and for how long a subscription is left out, in nanoseconds. */
  private record LeftOut(long since, long pause) {
    boolean isOver(long now) {
      return now - since >= pause;
    }
  }

  /**
   * Writes; returns after the flush.
   *
   * @param batch the parts; those that are left out are told, and removed from it
   * @param changed gets the subscriptions whose outcomes are in it
   * @param probe whether to write something in any case, to see whether writing works again
   * @param last whether subscriptions write all they have
   * @throws SQLException when nothing was written; those in {@code changed} are not told
   */
  CommittedBatch write(
      List<TransactionPart> batch, List<RunningSubscription> changed, boolean probe, boolean last)
      throws SQLException {
    while (true) {
      part = null;
      try {
        return writeAll(batch, changed, probe, last);
      } catch (SQLException | RuntimeException | Error e) { // memory may run out, too
        Object failed = part;
        if (failed == null || isOfTheFile(e)) {
          throw e;
        }
        close();
        changed.forEach(RunningSubscription::notWritten);
        changed.clear();
        leaveOut(failed, batch, e);
      }
    }
  }

  /** Whether outcomes were left out and must be tried again. */
  boolean hasLeftOut() {
    return !leftOut.isEmpty();
  }

  /** Rolls back what is under way; the next transaction reopens the file. */
  @Override
  public void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (SQLException e) {
      LOG.warn("The delivery log's file cannot be closed: {}", ErrorSentence.of(e));
    }
    writer = null;
  }

  private CommittedBatch writeAll(
      List<TransactionPart> batch, List<RunningSubscription> changed, boolean probe, boolean last)
      throws SQLException {
    Transaction current = writer();
    if (probe) {
      current.probe();
    }
    for (RunningSubscription dispatcher : running) {
      if (leftOut.isEmpty() || isTriedAgain(dispatcher)) {
        part = dispatcher;
        RunningSubscription.Changes changes = dispatcher.changes(last || dispatcher.isOver());
        if (changes != null) {
          changed.add(dispatcher);
          current.subscriptions().write(changes);
        }
      }
    }
    for (TransactionPart work : batch) {
      part = work;
      work.write(current);
    }
    part = null;
    CommittedBatch written = current.commit();
    if (!leftOut.isEmpty()) {
      Set<RunningSubscription> known = new HashSet<>();
      leftOut.keySet().removeAll(changed);
      running.forEach(known::add);
      leftOut.keySet().retainAll(known);
    }
    return written;
  }

  private boolean isTriedAgain(RunningSubscription dispatcher) {
    LeftOut before = leftOut.get(dispatcher);
    return before == null || before.isOver(System.nanoTime());
  }

  private void leaveOut(Object failed, List<TransactionPart> batch, Throwable cause) {
    if (failed instanceof RunningSubscription dispatcher) {
      leftOut.merge(
          dispatcher,
          new LeftOut(System.nanoTime(), FIRST_PAUSE_NANOS),
          (before, now) ->
              new LeftOut(now.since(), Math.min(2 * before.pause(), LONGEST_PAUSE_NANOS)));
      dispatcher.notWritten();
    } else if (failed instanceof TransactionPart work) {
      batch.remove(work);
      work.failed(
          new LogUnavailableException(
              "The delivery log could not write this: " + ErrorSentence.of(cause), cause));
    }
    long now = System.nanoTime();
    if (now - complainAt >= 0) {
      complainAt = now + MINUTE;
      LOG.error(
          "{} could not be written and is left out; what came with it is written without it.",
          failed instanceof RunningSubscription dispatcher
              ? "What subscription \"" + dispatcher.name() + "\" has to remember"
              : "One part of a transaction",
          cause);
    }
  }

  /** After a failure the driver's statements are closed, so everything is reopened. */
  private Transaction writer() throws SQLException {
    Transaction current = writer;
    if (current == null) {
      files.look(); // first: another file must not be taken for this one
      current = new Transaction(database, kinds, running);
      writer = current;
      files.opened();
    }
    return current;
  }

  private static boolean isOfTheFile(Throwable failure) {
    return failure instanceof SQLException
        && !(failure instanceof SQLiteException sqlite
            && OF_A_STATEMENT.contains(sqlite.getResultCode().code & ERROR));
  }
}
