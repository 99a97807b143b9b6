package dev.caravan.log.tables;

import dev.caravan.log.dispatch.StoredCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of a log that is being copied, while nobody else uses it. */
public interface LogTables extends AutoCloseable {
  /** What people call it. */
  String name();

  /** A connection that commits when it is told to. */
  Connection connection();

  /** Marks the log as unfinished: nobody may use it before {@link #end}, even after a crash. */
  default void begin() throws SQLException {}

  /** Marks the log as whole: it may be used. */
  default void end() throws SQLException {}

  /**
   * Refuses a log that is itself an unfinished copy.
   *
   * @throws IllegalStateException with a sentence for the user
   */
  default void refuseWhenUnfinished() throws SQLException {}

  /**
   * Refuses a log that somebody uses.
   *
   * @throws IllegalStateException with a sentence for the user
   */
  default void refuseWhenInUse() throws SQLException {}

  /** How many replays have yet to find some of their deliveries. They are not copied. */
  default long unfinishedReplays() throws SQLException {
    return 0;
  }

  /**
   * The SQL that inserts a row unless it exists: the table's columns, then the engine's own. A
   * subscription, which others refer to, is changed where it exists.
   */
  String insert(CopiedTable table);

  /**
   * Sets the parameters that the engine adds to the columns of a row.
   *
   * @param index the index of the first, from 1
   */
  void add(CopiedTable table, PreparedStatement insert, int index, @Nullable Object[] row)
      throws SQLException;

  /** The position that the next delivery gets. */
  long next() throws SQLException;

  /** The cursor of each subscription, by its number. */
  Map<Long, StoredCursor> cursors() throws SQLException;

  /** Writes the next position and the cursors, the last parts of a copy. */
  void finish(long next, Map<Long, StoredCursor> cursors) throws SQLException;

  @Override
  void close() throws SQLException;
}
