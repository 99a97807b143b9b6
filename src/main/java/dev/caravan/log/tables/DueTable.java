package dev.caravan.log.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What people change in the due table: retries that are not to wait, replays that are taken back.
 * Belongs to the writer's connection and thread.
 */
public final class DueTable {
  private final PreparedStatement retryNow;
  private final PreparedStatement isDue;
  private final PreparedStatement takeBack;
  private final PreparedStatement deadAgain;

  public DueTable(Connection writer) throws SQLException {
    retryNow =
        writer.prepareStatement(
            """
            UPDATE due SET due_at = ?1 WHERE subscription = ?2 AND position IN (
              SELECT position FROM due WHERE subscription = ?2 AND due_at > ?1 AND attempts > 0
              LIMIT ?3)""");
    isDue = writer.prepareStatement("SELECT 1 FROM due WHERE subscription = ? AND position = ?");
    takeBack =
        writer.prepareStatement(
            "DELETE FROM due WHERE subscription = ? AND position = ? AND attempts = 0 AND due_at = ?");
    deadAgain =
        writer.prepareStatement(
            """
            INSERT OR REPLACE INTO dead_letter
            SELECT ?1, ?2, ifnull(max(a.number), 0), ?3, ifnull(a.error, ?4)
            FROM (SELECT number, error FROM attempt WHERE position = ?2 AND subscription = ?1
              AND error IS NOT NULL ORDER BY started_at DESC, number DESC LIMIT 1) a""");
  }

  /** Lets some of its retries be due at that time that would be later; returns how many. */
  public int retryNow(long subscription, long now, int most) throws SQLException {
    retryNow.setLong(1, now);
    retryNow.setLong(2, subscription);
    retryNow.setInt(3, most);
    return retryNow.executeUpdate();
  }

  /** Whether it is to run a delivery apart from its cursor. */
  public boolean isDue(long subscription, long position) throws SQLException {
    isDue.setLong(1, subscription);
    isDue.setLong(2, position);
    try (ResultSet row = isDue.executeQuery()) {
      return row.next();
    }
  }

  /**
   * Takes back what a replay has made due and nobody has changed since; false when there is none.
   */
  public boolean takeBack(long subscription, long position, long dueAt) throws SQLException {
    takeBack.setLong(1, subscription);
    takeBack.setLong(2, position);
    takeBack.setLong(3, dueAt);
    return takeBack.executeUpdate() > 0;
  }

  /** Makes a dead letter once more of what was one, by its last attempt. */
  public void deadAgain(long subscription, long position, long now) throws SQLException {
    deadAgain.setLong(1, subscription);
    deadAgain.setLong(2, position);
    deadAgain.setLong(3, now);
    deadAgain.setString(4, "it was a dead letter when a replay of it was cancelled");
    deadAgain.executeUpdate();
  }
}
