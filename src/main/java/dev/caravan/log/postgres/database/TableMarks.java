package dev.caravan.log.postgres.database;

import dev.caravan.log.dispatch.AttemptMarks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks attempts in a table: a payload that ends one node must not end one after the other. An
 * attempt runs even if its mark cannot be kept.
 */
public final class TableMarks implements AttemptMarks {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final Sessions sessions;

  public TableMarks(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Map<String, Integer> left() {
    try {
      return sessions.run(TableMarks::all);
    } catch (SQLException e) {
      LOG.debug("The marks of earlier attempts cannot be read", e);
      return Map.of();
    }
  }

  /** All marks. */
  public static Map<String, Integer> all(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT name, number FROM attempt_mark");
        ResultSet row = select.executeQuery()) {
      Map<String, Integer> marks = new HashMap<>();
      while (row.next()) {
        marks.put(row.getString(1), row.getInt(2));
      }
      return marks;
    }
  }

  @Override
  public void set(String name, int number) {
    write(
        "INSERT INTO attempt_mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = excluded.number",
        name,
        number);
  }

  @Override
  public void remove(String name) {
    write("DELETE FROM attempt_mark WHERE name = ?", name);
  }

  private void write(String sql, Object... values) {
    try {
      sessions.run(
          connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
              for (int index = 0; index < values.length; index++) {
                statement.setObject(index + 1, values[index]);
              }
              return statement.executeUpdate();
            }
          });
    } catch (SQLException e) {
      LOG.debug("A mark at an attempt cannot be kept", e);
    }
  }
}
