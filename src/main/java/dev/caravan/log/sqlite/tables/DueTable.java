package dev.caravan.log.sqlite.tables;

import dev.caravan.log.tables.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What people change in the due table: retries that should not wait, replays that are taken back.
 * Belongs to the writer's connection and thread.
 */
public final class DueTable {
  private static final String RETRY_NOW =
      """
            UPDATE due SET due_at = ?1 WHERE subscription = ?2 AND position IN (
              SELECT position FROM due WHERE subscription = ?2 AND due_at > ?1 AND attempts > 0
              LIMIT ?3)""";

  private static final String IS_DUE = "SELECT 1 FROM due WHERE subscription = ? AND position = ?";

  private static final String TAKE_BACK =
      "DELETE FROM due WHERE subscription = ? AND position = ? AND attempts = 0 AND due_at = ?";

  private static final String DEAD_AGAIN =
      """
            INSERT OR REPLACE INTO dead_letter
            SELECT ?1, ?2, ifnull(max(a.number), 0), ?3, ifnull(a.error, ?4)
            FROM (SELECT number, error FROM attempt WHERE position = ?2 AND subscription = ?1
              AND error IS NOT NULL ORDER BY started_at DESC, number DESC LIMIT 1) a""";

  private final Sql sql;

  public DueTable(Connection writer) {
    this.sql = new Sql(writer);
  }

  /** Makes some of a subscription's later retries due now; returns how many. */
  public int retryNow(long subscription, long now, int most) throws SQLException {
    return sql.update(RETRY_NOW, now, subscription, most);
  }

  /** Whether a delivery is due in a subscription. */
  public boolean isDue(long subscription, long position) throws SQLException {
    return sql.has(IS_DUE, subscription, position);
  }

  /** Takes back what a replay has made due, unless somebody has changed it since; false then. */
  public boolean takeBack(long subscription, long position, long dueAt) throws SQLException {
    return sql.update(TAKE_BACK, subscription, position, dueAt) > 0;
  }

  /** Makes a delivery a dead letter again, with the error of its last failed attempt. */
  public void deadAgain(long subscription, long position, long now) throws SQLException {
    sql.update(
        DEAD_AGAIN,
        subscription,
        position,
        now,
        "it was a dead letter when a replay of it was cancelled");
  }
}
