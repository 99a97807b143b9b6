package dev.caravan.log.postgres.replay;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.history.SharedState;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.postgres.shards.ShardCursors;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.replay.ReplayStore;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.state.Subscriptions.Standing;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes for one replay, in the tables, what must run again. */
public final class SharedReplayStore implements ReplayStore {
  private final Sessions sessions;
  private final long replay;
  private final NodeNumber number;
  private final DueChanges.Listener listener;
  private final Runnable writeOutcomes;

  /**
   * @param replay its number; 0 for none, and then nothing can be written
   * @param number this process's number as a node
   * @param writeOutcomes has this node's waiting outcomes written
   */
  public SharedReplayStore(
      Sessions sessions,
      long replay,
      NodeNumber number,
      DueChanges.Listener listener,
      Runnable writeOutcomes) {
    this.sessions = sessions;
    this.replay = replay;
    this.number = number;
    this.listener = listener;
    this.writeOutcomes = writeOutcomes;
  }

  @Override
  public List<ReplayTarget> subscriptions() {
    return SharedTransactions.run(
        sessions,
        connection -> {
          List<ReplayTarget> found = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT id, name FROM subscription ORDER BY name");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              found.add(new ReplayTarget(row.getLong(1), row.getString(2)));
            }
          }
          return found;
        });
  }

  @Override
  public Standings standings(
      List<ReplayTarget> targets, List<Long> positions, DeliveryReader reader) throws SQLException {
    Map<String, ShardCursors> cursors = SharedState.cursors(reader);
    Map<Long, Integer> shards = new HashMap<>();
    try (PreparedStatement select =
        reader.prepare("SELECT position, shard FROM delivery WHERE position = ANY (?)")) {
      select.setArray(1, select.getConnection().createArrayOf("int8", positions.toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          shards.put(row.getLong(1), row.getInt(2));
        }
      }
    }
    Map<ReplayTarget, Set<Long>> fresh = new HashMap<>();
    for (ReplayTarget target : targets) {
      long last = positions.get(positions.size() - 1);
      fresh.put(target, new HashSet<>(reader.freshBetween(target.id(), positions.get(0), last)));
    }
    return (target, position) -> {
      ShardCursors of = cursors.get(target.name());
      boolean isAhead = of != null && of.isAhead(position, shards.getOrDefault(position, -1));
      return isAhead || fresh.getOrDefault(target, Set.of()).contains(position)
          ? Standing.WAITING
          : Standing.FREE;
    };
  }

  /**
   * Writes in one transaction, then tells the owners of changed shards.
   *
   * @throws LogUnavailableException when it cannot be committed now
   */
  @Override
  public <T> T write(List<ReplayTarget> targets, List<Long> positions, Body<T> body) {
    DueChanges[] changes = new DueChanges[1];
    T written =
        SharedTransactions.run(
            sessions,
            connection -> {
              SharedReplayTransaction transaction =
                  new SharedReplayTransaction(
                      connection, replay, number.node(), targets, positions);
              T result = body.write(transaction);
              changes[0] = transaction.changes();
              return result;
            });
    changes[0].tell(listener);
    return written;
  }

  @Override
  public void writeOutcomes() {
    writeOutcomes.run();
  }
}
