package dev.caravan.log.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a statement in one line of code. Each is prepared once and kept by its text: there must be
 * only a few texts. For one thread; closed with its connection.
 */
public final class Sql {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  public Sql(Connection connection) {
    this.connection = connection;
  }

  /** Makes something of the current row. */
  @FunctionalInterface
  public interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** All rows. */
  public <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... values)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet row = bound(sql, values).executeQuery()) {
      while (row.next()) {
        found.add(mapper.map(row));
      }
    }
    return found;
  }

  /** The first row, or null when there is none. */
  public <T> @Nullable T first(String sql, Mapper<T> mapper, @Nullable Object... values)
      throws SQLException {
    try (ResultSet row = bound(sql, values).executeQuery()) {
      return row.next() ? mapper.map(row) : null;
    }
  }

  /** The number in the first row, or null when there is no row or no number. */
  public @Nullable Long number(String sql, @Nullable Object... values) throws SQLException {
    try (ResultSet row = bound(sql, values).executeQuery()) {
      if (!row.next()) {
        return null;
      }
      long number = row.getLong(1);
      return row.wasNull() ? null : number;
    }
  }

  /** Whether there is any row. */
  public boolean has(String sql, @Nullable Object... values) throws SQLException {
    try (ResultSet row = bound(sql, values).executeQuery()) {
      return row.next();
    }
  }

  /** Changes rows; returns how many. */
  public int update(String sql, @Nullable Object... values) throws SQLException {
    return bound(sql, values).executeUpdate();
  }

  private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int index = 0; index < values.length; index++) {
      statement.setObject(index + 1, values[index]);
    }
    return statement;
  }
}
