package dev.caravan.log.sqlite.tables;

import dev.caravan.log.tables.PositionList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What subscriptions have completed: shown by a successful attempt or, once attempts were deleted
 * with the body, by the mark that stays as long as the GUID is known. Nothing else counts as
 * completed. Belongs to the writer's connection and thread.
 */
public final class Completions {
  public static final String TABLE =
      """
      CREATE TABLE completed (
        position INTEGER NOT NULL,
        subscription INTEGER NOT NULL REFERENCES subscription,
        at INTEGER,
        PRIMARY KEY (position, subscription)
      ) WITHOUT ROWID""";

  private static final String INFERRED =
      """
      INSERT INTO completed SELECT d.position, ?1, NULL FROM delivery d
      WHERE d.position >= ?2 AND d.position < ?3 AND d.differs_from IS NULL
        AND d.position < ifnull(
          (SELECT position FROM content WHERE position NOT IN (SELECT position FROM restored)
            ORDER BY position LIMIT 1), 9223372036854775807)
        AND NOT EXISTS (SELECT 1 FROM attempt a
          WHERE a.position = d.position AND a.subscription = ?1)
        AND NOT EXISTS (SELECT 1 FROM due u WHERE u.subscription = ?1 AND u.position = d.position)
        AND NOT EXISTS (SELECT 1 FROM dead_letter l
          WHERE l.subscription = ?1 AND l.position = d.position)
        AND NOT EXISTS (SELECT 1 FROM skipped s
          WHERE s.subscription = ?1 AND s.first <= d.position AND s.next > d.position)""";

  private final PreparedStatement attempts;
  private final PreparedStatement marked;
  private final PreparedStatement mark;

  public Completions(Connection writer) throws SQLException {
    attempts =
        writer.prepareStatement(
            "SELECT max(started_at + took) FROM attempt WHERE position = ? AND subscription = ? AND error IS NULL");
    marked =
        writer.prepareStatement("SELECT at FROM completed WHERE position = ? AND subscription = ?");
    mark =
        writer.prepareStatement(
            """
            INSERT OR REPLACE INTO completed
            SELECT position, subscription, max(started_at + took) FROM attempt
            WHERE position = ? AND error IS NULL GROUP BY subscription""");
  }

  /**
   * A completion.
   *
   * @param at when that was; null when it is not known
   */
  public record Completion(@Nullable Instant at) {}

  /** The completion of a delivery by a subscription, or null. */
  public @Nullable Completion find(long subscription, long position) throws SQLException {
    Completion told = find(attempts, subscription, position); // a maximum of nothing is null
    return told != null && told.at() != null ? told : find(marked, subscription, position);
  }

  /** Marks the completions of a delivery, before its attempts are deleted. */
  void mark(long position) throws SQLException {
    mark.setLong(1, position);
    mark.executeUpdate();
  }

  private static @Nullable Completion find(
      PreparedStatement statement, long subscription, long position) throws SQLException {
    statement.setLong(1, position);
    statement.setLong(2, subscription);
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      long at = row.getLong(1);
      return new Completion(row.wasNull() ? null : Instant.ofEpochMilli(at));
    }
  }

  /**
   * Marks what a log of an older version implies. There, attempts were deleted with the body and
   * left nothing: completed was whatever the cursor had passed and no other table knew of.
   */
  public static void infer(Connection writer) throws SQLException {
    try (PreparedStatement subscriptions =
            writer.prepareStatement("SELECT id, first, next, unfinished FROM subscription");
        PreparedStatement insert = writer.prepareStatement(INFERRED);
        PreparedStatement delete =
            writer.prepareStatement(
                "DELETE FROM completed WHERE position = ? AND subscription = ?")) {
      for (Passed passed : passed(subscriptions)) {
        insert.setLong(1, passed.subscription());
        insert.setLong(2, passed.first());
        insert.setLong(3, passed.next());
        insert.executeUpdate();
        for (long position : passed.unfinished()) {
          delete.setLong(1, position);
          delete.setLong(2, passed.subscription());
          delete.executeUpdate();
        }
      }
    }
  }

  private record Passed(long subscription, long first, long next, List<Long> unfinished) {}

  private static List<Passed> passed(PreparedStatement subscriptions) throws SQLException {
    List<Passed> found = new ArrayList<>();
    try (ResultSet row = subscriptions.executeQuery()) {
      while (row.next()) {
        found.add(
            new Passed(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                PositionList.decode(row.getBytes(4))));
      }
    }
    return found;
  }
}
