package dev.caravan.log.postgres.running;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription.Changes;
import dev.caravan.log.postgres.database.Arrays;
import dev.caravan.log.postgres.shards.HeldShard;
import dev.caravan.log.tables.PositionList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The one call that writes the outcomes of attempts: the function {@code record_outcomes}. */
final class OutcomeCall {
  private static final String SQL = "SELECT * FROM record_outcomes(" + "?,".repeat(15) + "?)";
  private static final String RELEASE =
      "UPDATE cursor SET owner = NULL WHERE subscription = ? AND shard = ? AND owner = ? AND epoch = ?";

  private OutcomeCall() {}

  /** What to write for a shard. */
  record Part(HeldShard held, Changes changes) {}

  /**
   * What was written.
   *
   * @param held indexes of the parts that this node still held; nothing is written of others
   * @param again by a part's index, positions that run again because they were sent again
   */
  record Written(Set<Integer> held, Map<Integer, Set<Long>> again) {}

  /** Writes the parts, whose shards were all taken under the same number of this node. */
  static Written run(Connection connection, long node, List<Part> parts) throws SQLException {
    List<Outcome> outcomes = new ArrayList<>();
    List<Integer> cursors = new ArrayList<>();
    for (int index = 0; index < parts.size(); index++) {
      for (Outcome outcome : parts.get(index).changes().outcomes()) {
        outcomes.add(outcome);
        cursors.add(index + 1);
      }
    }
    try (PreparedStatement call = connection.prepareStatement(SQL)) {
      Arrays bind = new Arrays(connection, call);
      call.setLong(bind.next(), node);
      bind.all("bigint", parts, part -> part.changes().subscription(), Long[]::new);
      bind.all("int", parts, part -> part.held().shard(), Integer[]::new);
      bind.all("bigint", parts, part -> part.held().epoch(), Long[]::new);
      bind.all("bigint", parts, part -> part.held().nextCall(), Long[]::new);
      bind.all("bigint", parts, part -> part.changes().cursor().next(), Long[]::new);
      bind.all(
          "bytea",
          parts,
          part -> PositionList.encode(part.changes().cursor().unfinished()),
          byte[][]::new);
      bind.all("int", cursors, cursor -> cursor, Integer[]::new);
      bind.all("bigint", outcomes, Outcome::position, Long[]::new);
      bind.all("int", outcomes, Outcome::number, Integer[]::new);
      bind.all("bigint", outcomes, Outcome::startedAt, Long[]::new);
      bind.all("bigint", outcomes, Outcome::took, Long[]::new);
      bind.all("text", outcomes, Outcome::error, String[]::new);
      bind.all("text", outcomes, outcome -> outcome.next().name(), String[]::new);
      bind.all("bigint", outcomes, Outcome::dueAt, Long[]::new);
      bind.all("int", outcomes, Outcome::attemptsBefore, Integer[]::new);
      try (ResultSet result = call.executeQuery()) {
        if (!result.next()) {
          throw new SQLException("record_outcomes answered nothing");
        }
        return written(result);
      }
    }
  }

  private static Written written(ResultSet result) throws SQLException {
    Set<Integer> held = new HashSet<>();
    for (Integer index : (Integer[]) result.getArray(1).getArray()) {
      held.add(index - 1);
    }
    Map<Integer, Set<Long>> again = new HashMap<>();
    Integer[] of = (Integer[]) result.getArray(2).getArray();
    Long[] at = (Long[]) result.getArray(3).getArray();
    for (int index = 0; index < of.length; index++) {
      again.computeIfAbsent(of[index] - 1, any -> new HashSet<>()).add(at[index]);
    }
    return new Written(held, again);
  }

  /** Releases these shards for other nodes. */
  static void release(Connection connection, List<HeldShard> shards) throws SQLException {
    try (PreparedStatement release = connection.prepareStatement(RELEASE)) {
      for (HeldShard each : shards) {
        release.setLong(1, each.subscription());
        release.setInt(2, each.shard());
        release.setLong(3, each.node());
        release.setLong(4, each.epoch());
        release.addBatch();
      }
      release.executeBatch();
    }
  }
}
