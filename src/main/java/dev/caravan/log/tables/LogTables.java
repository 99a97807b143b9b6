package dev.caravan.log.tables;

import dev.caravan.log.dispatch.StoredCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of a log that nobody else uses meanwhile. */
public interface LogTables extends AutoCloseable {
  /** What people call it. */
  String name();

  /** A connection that commits when it is told to. */
  Connection connection();

  /** Sees to it that nobody uses it before {@link #end}, though this process may end earlier. */
  default void begin() throws SQLException {}

  /** It is whole, and may be used. */
  default void end() throws SQLException {}

  /**
   * Refuses to be copied while another log is being copied into it, or after that has ended early.
   *
   * @throws IllegalStateException with a sentence for the user
   */
  default void refuseWhenUnfinished() throws SQLException {}

  /** Inserts a row of a table, unless it is there: the columns' values, and what is added. */
  String insert(CopiedTable table);

  /**
   * Sets what an engine adds to the columns of a row.
   *
   * @param index of the first that it adds
   */
  void add(CopiedTable table, PreparedStatement insert, int index, @Nullable Object[] row)
      throws SQLException;

  /** The position that the next delivery gets. */
  long next() throws SQLException;

  /** How far each subscription is, by its number. */
  Map<Long, StoredCursor> cursors() throws SQLException;

  /** Writes both, which makes the log whole. */
  void finish(long next, Map<Long, StoredCursor> cursors) throws SQLException;

  @Override
  void close() throws SQLException;
}
