package dev.caravan.log.postgres.retention;

import dev.caravan.wording.Count;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the oldest deliveries altogether, once their bodies are gone. For one transaction. */
final class SharedGuidRemoval {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** Only those before the first body. */
  private static final String OLDEST =
      """
      SELECT position, received_at FROM delivery
      WHERE position < coalesce((SELECT position FROM content
            WHERE NOT EXISTS (SELECT FROM restored r WHERE r.position = content.position)
            ORDER BY position LIMIT 1), 9223372036854775807)
        AND NOT EXISTS (SELECT FROM restored r WHERE r.position = delivery.position)
      ORDER BY position LIMIT ?""";

  private static final String BODY_IS_NOT_BACK =
      " AND NOT EXISTS (SELECT FROM restored r WHERE r.position = gone.position)";

  private static final String FORGOTTEN =
      """
      SELECT s.name, count(*) FROM subscription s JOIN due gone ON gone.subscription = s.id
      WHERE gone.position <= ?"""
          + BODY_IS_NOT_BACK
          + " GROUP BY s.name";

  private static final List<String> OF_POSITIONS = List.of("delivery", "attempt", "completed");

  /** Their keys begin with the subscription. */
  private static final List<String> OF_SUBSCRIPTIONS = List.of("due", "again", "dead_letter");

  private final Connection connection;

  SharedGuidRemoval(Connection connection) {
    this.connection = connection;
  }

  /**
   * Deletes some of the oldest that were received before that time.
   *
   * @return how many were looked at
   */
  int run(long before, int most) throws SQLException {
    long to = 0;
    int count = 0;
    try (PreparedStatement oldest = connection.prepareStatement(OLDEST)) {
      oldest.setInt(1, most);
      try (ResultSet row = oldest.executeQuery()) {
        while (row.next() && row.getLong(2) < before) {
          to = row.getLong(1);
          count++;
        }
      }
    }
    if (count > 0) {
      report(to);
      for (String table : OF_POSITIONS) {
        delete("DELETE FROM " + table + " gone WHERE gone.position <= ?" + BODY_IS_NOT_BACK, to);
      }
      for (String table : OF_SUBSCRIPTIONS) {
        delete(
            "DELETE FROM "
                + table
                + " gone WHERE gone.subscription IN (SELECT id FROM subscription)"
                + " AND gone.position <= ?"
                + BODY_IS_NOT_BACK,
            to);
      }
      // The deliveries that remain in it are few enough to be read from their rows.
      delete("DELETE FROM stretch WHERE first <= ?", to);
    }
    return count;
  }

  /**
   * Logs retries that would otherwise disappear silently: they failed after their bodies were
   * deleted.
   */
  private void report(long to) throws SQLException {
    try (PreparedStatement forgotten = connection.prepareStatement(FORGOTTEN)) {
      forgotten.setLong(1, to);
      try (ResultSet row = forgotten.executeQuery()) {
        while (row.next()) {
          LOG.error(
              "Retention forgot {} that \"{}\" was to run again: the bodies were gone, and nothing ran them while they were known.",
              Count.of(row.getLong(2), "delivery"),
              row.getString(1));
        }
      }
    }
  }

  private void delete(String sql, long to) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setLong(1, to);
      delete.executeUpdate();
    }
  }
}
