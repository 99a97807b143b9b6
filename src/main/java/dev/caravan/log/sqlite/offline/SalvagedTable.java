package dev.caravan.log.sqlite.offline;

import dev.caravan.log.sqlite.file.Damage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One table of a damaged log, copied into a fresh one row by row; what cannot be read is skipped. A
 * page that cannot be read hides its rows, never those of other pages.
 */
final class SalvagedTable {
  /** How many numbers are tried one by one after the last row that is found. */
  static final long TRIED_AT_THE_END = 10_000;

  private static final int FARTHEST = 40;
  private static final int ROWS_PER_COMMIT = 4096;

  private final Connection from;
  private final Connection to;
  private final String name;
  private final String columns;
  private final int width;

  /** "rowid", or for a table without row numbers the first column of its key. */
  private final String key;

  private final PreparedStatement insert;
  private long saved;
  private boolean damaged;

  SalvagedTable(Connection from, Connection to, String name) throws SQLException {
    this.from = from;
    this.to = to;
    this.name = name;
    List<String> names = new ArrayList<>();
    String first = "rowid";
    try (Statement statement = to.createStatement()) {
      boolean numbered = true;
      try (ResultSet row = statement.executeQuery("PRAGMA table_list(" + name + ")")) {
        numbered = row.getInt("wr") == 0;
      }
      try (ResultSet row = statement.executeQuery("PRAGMA table_info(" + name + ")")) {
        while (row.next()) {
          names.add(row.getString("name"));
          if (!numbered && row.getInt("pk") == 1) {
            first = row.getString("name");
          }
        }
      }
    }
    this.key = first;
    this.width = names.size();
    this.columns = String.join(", ", names);
    this.insert =
        to.prepareStatement(
            "INSERT OR IGNORE INTO %s (%s) VALUES (%s)"
                .formatted(name, columns, String.join(", ", Collections.nCopies(width, "?"))));
  }

  /** How many rows were copied. */
  long saved() {
    return saved;
  }

  /** Whether some of it could not be read. */
  boolean isDamaged() {
    return damaged;
  }

  /** Copies what can be read. Tables that others refer to must be copied before them. */
  void copy() throws SQLException {
    if (key.equals("rowid")) {
      copyByNumber();
    } else {
      copyByKey();
    }
    insert.close();
    to.commit();
  }

  private void copyByNumber() throws SQLException {
    Long next = Long.MIN_VALUE;
    while (next != null) {
      long last = copyFrom(next);
      next = last == Long.MAX_VALUE ? null : nextReadable(last);
    }
  }

  /** Copies rows; returns the last number that could be read, or the largest long at the end. */
  private long copyFrom(long first) throws SQLException {
    long last = Math.max(first, 0) - 1;
    String sql =
        "SELECT rowid, %s FROM %s WHERE rowid >= %d ORDER BY rowid".formatted(columns, name, first);
    try (Statement statement = from.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        insert(row, 2);
        last = row.getLong(1);
      }
      return Long.MAX_VALUE;
    } catch (SQLException e) {
      passOver(e);
      return last;
    }
  }

  /**
   * The number of the first row that can be read after one that cannot, or null. Searches in
   * doubling steps, then one by one up to where a step found something.
   */
  private @Nullable Long nextReadable(long last) throws SQLException {
    long end = last + TRIED_AT_THE_END;
    for (int doubled = 0; doubled < FARTHEST; doubled++) {
      long number = last + 2 + (1L << doubled);
      if (isReadable(">= " + number)) {
        end = number;
        break;
      }
    }
    for (long number = last + 2; number <= end; number++) {
      if (isReadable("= " + number)) {
        return number;
      }
    }
    return isReadable(">= " + end) ? end : null;
  }

  private boolean isReadable(String rowid) throws SQLException {
    String sql =
        "SELECT %s FROM %s WHERE rowid %s ORDER BY rowid LIMIT 1".formatted(columns, name, rowid);
    try (Statement statement = from.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        return false;
      }
      for (int column = 1; column <= width; column++) {
        row.getObject(column);
      }
      return true;
    } catch (SQLException e) {
      passOver(e);
      return false;
    }
  }

  private void copyByKey() throws SQLException {
    if (copyInOrder("")) {
      return;
    }
    String owners =
        key.equals("position") ? "SELECT position FROM delivery" : "SELECT id FROM subscription";
    try (Statement statement = to.createStatement();
        ResultSet row = statement.executeQuery(owners)) {
      while (row.next()) {
        String of = "WHERE " + key + " = " + row.getLong(1);
        if (!copyInOrder(of)) {
          copyInOrder(of + " ORDER BY 1 DESC, 2 DESC");
        }
      }
    }
  }

  /** Copies rows in the order of their key; false when some could not be read. */
  private boolean copyInOrder(String where) throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT %s FROM %s %s".formatted(columns, name, where))) {
      while (row.next()) {
        insert(row, 1);
      }
      return true;
    } catch (SQLException e) {
      passOver(e);
      return false;
    }
  }

  private void insert(ResultSet row, int first) throws SQLException {
    for (int column = 0; column < width; column++) {
      insert.setObject(column + 1, row.getObject(first + column));
    }
    saved += insert.executeUpdate();
    if (saved % ROWS_PER_COMMIT == 0) {
      to.commit();
    }
  }

  private void passOver(SQLException failure) throws SQLException {
    if (!Damage.is(failure)) {
      throw failure;
    }
    damaged = true;
  }
}
