package dev.caravan.log.sqlite.tables;

import dev.caravan.wording.Count;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the oldest deliveries altogether, once their bodies are gone. Belongs to the writer's
 * connection and thread.
 */
public final class GuidRemovals {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final String BODY_IS_NOT_BACK =
      " AND position NOT IN (SELECT position FROM restored)";

  private final PreparedStatement oldest;
  private final PreparedStatement keepNext;
  private final PreparedStatement due;
  private final List<PreparedStatement> remove;

  public GuidRemovals(Connection writer) throws SQLException {
    // Only before the first body that is kept.
    oldest =
        writer.prepareStatement(
            """
            SELECT position, received_at FROM delivery
            WHERE position < ifnull(
                (SELECT position FROM content
                  WHERE position NOT IN (SELECT position FROM restored)
                  ORDER BY position LIMIT 1),
                9223372036854775807)
              AND position NOT IN (SELECT position FROM restored)
            ORDER BY position LIMIT ?""");
    keepNext = writer.prepareStatement("INSERT OR REPLACE INTO next_position VALUES (1, ?)");
    due =
        writer.prepareStatement(
            """
            SELECT s.name, count(*) FROM subscription s JOIN due u ON u.subscription = s.id
            WHERE u.position <= ?"""
                + BODY_IS_NOT_BACK
                + " GROUP BY s.name");
    remove =
        List.of(
            writer.prepareStatement("DELETE FROM delivery WHERE position <= ?" + BODY_IS_NOT_BACK),
            writer.prepareStatement("DELETE FROM attempt WHERE position <= ?" + BODY_IS_NOT_BACK),
            writer.prepareStatement(ofEachSubscription("due")),
            writer.prepareStatement(ofEachSubscription("dead_letter")),
            writer.prepareStatement("DELETE FROM completed WHERE position <= ?" + BODY_IS_NOT_BACK),
            // The few deliveries left of a stretch are read from their rows.
            writer.prepareStatement("DELETE FROM stretch WHERE first <= ?"));
  }

  /**
   * Forgets some of the oldest that were received before that time.
   *
   * @param most how many at most
   * @param next the next position, which is recorded: no position is given out twice
   * @return how many were forgotten
   */
  public int remove(long before, int most, long next) throws SQLException {
    long to = 0;
    int count = 0;
    oldest.setInt(1, most);
    try (ResultSet row = oldest.executeQuery()) {
      while (row.next() && row.getLong(2) < before) {
        to = row.getLong(1);
        count++;
      }
    }
    if (count == 0) {
      return 0;
    }
    keepNext.setLong(1, next);
    keepNext.executeUpdate();
    report(to);
    for (PreparedStatement statement : remove) {
      statement.setLong(1, to);
      statement.executeUpdate();
    }
    return count;
  }

  /** Logs what was still due: it must not disappear silently. */
  private void report(long to) throws SQLException {
    due.setLong(1, to);
    try (ResultSet row = due.executeQuery()) {
      while (row.next()) {
        LOG.error(
            "Retention forgot {} that \"{}\" was to run again: the bodies were gone, and nothing ran them while they were known.",
            Count.of(row.getLong(2), "delivery"),
            row.getString(1));
      }
    }
  }

  /** Their keys begin with the subscription. */
  private static String ofEachSubscription(String table) {
    return "DELETE FROM "
        + table
        + " WHERE subscription IN (SELECT id FROM subscription) AND position <= ?"
        + BODY_IS_NOT_BACK;
  }
}
