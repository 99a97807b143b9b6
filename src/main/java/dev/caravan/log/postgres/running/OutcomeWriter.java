package dev.caravan.log.postgres.running;

import dev.caravan.log.dispatch.RunningSubscription.Changes;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Failures;
import dev.caravan.log.postgres.database.KeptConnection;
import dev.caravan.log.postgres.shards.HeldShard;
import dev.caravan.wording.Count;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes the outcomes of attempts for all shards of this node in one call, at the
 * latest 50 ms after the first of them ended. A shard that was taken from this node is dropped with
 * its attempts' outcomes: another node runs them. A shard whose subscription was closed is released
 * once all of it is written.
 */
public final class OutcomeWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long LONGEST_WAIT_MILLIS = 50;
  private static final long WAIT_AFTER_FAILURE_MILLIS = 300;
  private static final Duration LONGEST_CALL = Duration.ofSeconds(4);

  private final KeptConnection connection;
  private final LocalSubscriptions subscriptions;
  private final Availability availability;
  private final Runnable onDropped;
  private final Thread thread = new Thread(this, "delivery-log-outcomes");
  private volatile long dueAt; // in nanoTime; 0 when there is nothing to write
  private volatile boolean closing;

  /**
   * @param onDropped called when this node has dropped a shard
   */
  public OutcomeWriter(
      Database database,
      LocalSubscriptions subscriptions,
      Availability availability,
      Runnable onDropped) {
    this.connection = new KeptConnection(database, LONGEST_CALL);
    this.subscriptions = subscriptions;
    this.availability = availability;
    this.onDropped = onDropped;
  }

  public void start() {
    thread.start();
  }

  /**
   * An outcome waits to be written.
   *
   * @param urgent whether to write at once, since a subscription would soon have to wait
   */
  public void outcomeWaiting(boolean urgent) {
    if (urgent || dueAt == 0) {
      dueAt = in(urgent ? 0 : LONGEST_WAIT_MILLIS);
      LockSupport.unpark(thread);
    }
  }

  /** Writes what there is, then ends. */
  public void close() throws InterruptedException {
    closing = true;
    LockSupport.unpark(thread);
    thread.join(TimeUnit.SECONDS.toMillis(10));
  }

  @Override
  public void run() {
    while (!closing) {
      long due = dueAt;
      long wait = due == 0 ? Long.MAX_VALUE : due - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      } else {
        dueAt = 0;
        roundWhateverHappens(false);
      }
    }
    dueAt = 0;
    roundWhateverHappens(true);
    if (dueAt != 0) { // its connection may have been gone: others would run all of it again
      roundWhateverHappens(true);
    }
    connection.giveUp();
  }

  /** Survives any error: if this thread ended, nothing would run here any more. */
  private void roundWhateverHappens(boolean last) {
    try {
      round(last);
    } catch (RuntimeException | Error e) { // there was not even memory to log it
      dueAt = in(WAIT_AFTER_FAILURE_MILLIS);
    }
  }

  private void round(boolean last) {
    List<OutcomeCall.Part> parts = List.of();
    try {
      parts = parts(last);
      if (!parts.isEmpty()) {
        // Before it is asked what is still held: none of another log is written through it.
        Connection unused = connection.get();
        Set<HeldShard> held = Set.copyOf(subscriptions.held());
        parts.removeIf(part -> !held.contains(part.held()));
      }
      write(parts, last);
      availability.succeeded(Availability.Part.OUTCOMES);
    } catch (SQLException e) {
      failed(e);
      if (!last && !Failures.isPassing(e)) {
        oneByOne(parts);
      }
    } catch (RuntimeException | Error e) { // memory may run out
      failed(new SQLException(e));
      LOG.error("The outcomes of attempts could not be written. Trying again.", e);
    }
  }

  /** What the database refuses of one must not hold up the others. */
  private void oneByOne(List<OutcomeCall.Part> parts) {
    for (OutcomeCall.Part part : parts) {
      Changes changes = part.held().dispatcher().changes(true);
      if (changes == null) {
        continue;
      }
      OutcomeCall.Part alone = new OutcomeCall.Part(part.held(), changes);
      try {
        write(List.of(alone), false);
      } catch (SQLException e) {
        failed(e);
        LOG.error(
            "What subscription \"{}\" has to remember cannot be written. Trying again.",
            part.held().name(),
            e);
      }
    }
  }

  private List<OutcomeCall.Part> parts(boolean last) {
    List<OutcomeCall.Part> parts = new ArrayList<>();
    for (HeldShard held : subscriptions.held()) {
      held.dispatcher().notWritten(); // in case the round before could not even do this
      Changes changes = held.dispatcher().changes(last || held.dispatcher().isOver());
      if (changes != null) {
        parts.add(new OutcomeCall.Part(held, changes));
      }
    }
    return parts;
  }

  private void write(List<OutcomeCall.Part> parts, boolean last) throws SQLException {
    Map<Long, List<OutcomeCall.Part>> byNode = new HashMap<>();
    for (OutcomeCall.Part part : parts) {
      byNode.computeIfAbsent(part.held().node(), any -> new ArrayList<>()).add(part);
    }
    for (Map.Entry<Long, List<OutcomeCall.Part>> each : byNode.entrySet()) {
      OutcomeCall.Written written =
          OutcomeCall.run(connection.get(), each.getKey(), each.getValue());
      List<HeldShard> over = tell(each.getValue(), written, last);
      if (!over.isEmpty()) {
        OutcomeCall.release(connection.get(), over);
        over.forEach(this::drop);
      }
    }
  }

  /** Returns those from which no more outcomes can come. */
  private List<HeldShard> tell(
      List<OutcomeCall.Part> parts, OutcomeCall.Written written, boolean last) {
    List<HeldShard> over = new ArrayList<>();
    for (int index = 0; index < parts.size(); index++) {
      HeldShard held = parts.get(index).held();
      if (!written.held().contains(index)) {
        LOG.warn(
            "Another node has taken over a part of subscription \"{}\". The outcomes of {} here are not written; it runs them again.",
            held.name(),
            Count.of(parts.get(index).changes().outcomes().size(), "attempt"));
        drop(held);
        continue;
      }
      held.dispatcher().sentAgain(written.again().getOrDefault(index, Set.of()));
      held.dispatcher().written();
      if (written.again().containsKey(index)) {
        held.dispatcher().dueChanged();
      }
      if (last || (held.dispatcher().isOver() && !held.dispatcher().hasUnwritten())) {
        over.add(held);
      }
    }
    return over;
  }

  private void drop(HeldShard held) {
    subscriptions.drop(held);
    onDropped.run();
  }

  /** What was to be written waits again, even if it may have been written. */
  private void failed(SQLException cause) {
    connection.giveUp();
    subscriptions.held().forEach(held -> held.dispatcher().notWritten());
    if (Failures.isPassing(cause)) {
      availability.failed(Availability.Part.OUTCOMES, cause);
    } else { // the database works, but refuses something of one part
      availability.succeeded(Availability.Part.OUTCOMES);
    }
    dueAt = in(WAIT_AFTER_FAILURE_MILLIS);
  }

  private static long in(long millis) {
    long time = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return time == 0 ? 1 : time;
  }
}
