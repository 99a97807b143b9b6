package dev.caravan.log.sqlite;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.replay.ReplayStore;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.replay.ScheduledRow;
import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.commit.Transactions;
import dev.caravan.log.sqlite.tables.SubscriptionTable;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.state.Subscriptions.Standing;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what replays run again into the log's file. */
final class SqliteReplayStore implements ReplayStore {
  private final Transactions transactions;
  private final Subscriptions running;
  private final Runnable writeOutcomes;

  /**
   * @param writeOutcomes has waiting outcomes written at once
   */
  SqliteReplayStore(Transactions transactions, Subscriptions running, Runnable writeOutcomes) {
    this.transactions = transactions;
    this.running = running;
    this.writeOutcomes = writeOutcomes;
  }

  @Override
  public List<ReplayTarget> subscriptions() {
    return transactions.run(writer -> writer.subscriptions().all()).stream()
        .map(stored -> new ReplayTarget(stored.id(), stored.name()))
        .toList();
  }

  @Override
  public Standings standings(
      List<ReplayTarget> targets, List<Long> positions, DeliveryReader reader) throws SQLException {
    Map<ReplayTarget, Set<Long>> fresh = new HashMap<>();
    Map<ReplayTarget, StoredSubscription> idle = new HashMap<>();
    for (ReplayTarget target : targets) {
      long last = positions.get(positions.size() - 1);
      fresh.put(target, reader.freshBetween(target.id(), positions.get(0), last));
      if (running.find(target.name()) == null) {
        putIfKnown(idle, target, reader.subscription(target.name()));
      }
    }
    return (target, position) ->
        fresh.getOrDefault(target, Set.of()).contains(position)
            ? Standing.WAITING
            : standing(target, position, idle.get(target));
  }

  /** For a subscription that does not run, its row tells. */
  private Standing standing(ReplayTarget target, long position, @Nullable StoredSubscription stored)
      throws SQLException {
    Subscriptions.Running found = running.find(target.name());
    if (found != null) {
      return found.standing(position);
    }
    return stored != null && stored.isAhead(position) ? Standing.WAITING : Standing.FREE;
  }

  private static void putIfKnown(
      Map<ReplayTarget, StoredSubscription> idle,
      ReplayTarget target,
      @Nullable StoredSubscription stored) {
    if (stored != null) {
      idle.put(target, stored);
    }
  }

  @Override
  public <T> T write(List<ReplayTarget> targets, List<Long> positions, Body<T> body) {
    return transactions.run(writer -> body.write(new Writing(writer, targets)));
  }

  @Override
  public void writeOutcomes() {
    writeOutcomes.run();
  }

  /** One transaction; on the committer's thread. */
  private final class Writing implements ReplayTransaction {
    private final Transaction writer;
    private final Set<ReplayTarget> touched = new HashSet<>();
    private final Map<ReplayTarget, StoredSubscription> idle = new HashMap<>();

    Writing(Transaction writer, List<ReplayTarget> targets) throws SQLException {
      this.writer = writer;
      for (ReplayTarget target : targets) {
        if (running.find(target.name()) == null) {
          putIfKnown(idle, target, writer.subscriptions().find(target.name()));
        }
      }
    }

    @Override
    public long now() {
      return System.currentTimeMillis();
    }

    @Override
    public boolean mayGoOn() {
      return true;
    }

    @Override
    public Standing of(ReplayTarget target, long position) throws SQLException {
      return standing(target, position, idle.get(target));
    }

    @Override
    public MadeDue makeDue(ReplayTarget target, long position, long dueAt) throws SQLException {
      changed(target);
      Subscriptions.Running found = running.find(target.name());
      SubscriptionTable subscriptions = writer.subscriptions();
      boolean wasDue = writer.due().isDue(target.id(), position);
      boolean wasDead = subscriptions.revive(target.id(), position);
      boolean isNew =
          subscriptions.replay(target.id(), position, dueAt, found != null && found.isStrict());
      return new MadeDue(
          !isNew, wasDue ? null : new ScheduledRow(target, position, dueAt, wasDead));
    }

    @Override
    public boolean takeBack(ScheduledRow row) throws SQLException {
      ReplayTarget target = row.target();
      Subscriptions.Running found = running.find(target.name());
      boolean isHere = found != null && found.standing(row.position()) != Standing.FREE;
      if (isHere || !writer.due().takeBack(target.id(), row.position(), row.dueAt())) {
        return false;
      }
      if (row.wasDead()) {
        writer.due().deadAgain(target.id(), row.position(), now());
      }
      changed(target);
      return true;
    }

    private void changed(ReplayTarget target) {
      if (touched.add(target)) {
        writer.dueChanged(target.name());
      }
    }

    @Override
    public void reached(long position, ReplayProgress progress) {}
  }
}
