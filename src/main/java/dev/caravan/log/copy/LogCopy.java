package dev.caravan.log.copy;

import dev.caravan.log.content.DamagedContentException;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.tables.CopiedTable;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.LogTables;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies all of a log into another that is empty or holds part of an interrupted copy, and then
 * reads every payload of the copy and compares it with its checksum. Positions stay. What was used
 * since the interruption is copied as it is now.
 */
final class LogCopy {
  private static final int ROWS_AT_ONCE = 1000;

  /** Each may have 25 MiB. */
  private static final int BODIES_AT_ONCE = 20;

  private static final int BYTES_AT_ONCE = 8 << 20;

  private final LogTables from;
  private final LogTables to;
  private final CopyProgress progress;

  LogCopy(LogTables from, LogTables to, CopyProgress progress) {
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /**
   * Copies and checks.
   *
   * @throws IllegalStateException with a sentence for the user when the target holds another log
   */
  Copied run() throws SQLException {
    refuseAnotherLog();
    to.begin();
    to.connection().commit();
    for (CopiedTable table : CopiedTable.values()) {
      copy(table);
    }
    to.finish(from.next(), from.cursors());
    to.connection().commit();
    for (CopiedTable table : CopiedTable.values()) {
      long expected = count(from, table);
      long there = count(to, table);
      if (there != expected) {
        throw new IllegalStateException(
            "%s has %d rows of %s, and %s has %d. Make it empty and copy again."
                .formatted(to.name(), there, table.sql(), from.name(), expected));
      }
    }
    from.refuseWhenInUse(); // by a node that was started meanwhile
    to.end();
    to.connection().commit();
    return verified();
  }

  /**
   * What is already there must be from this log: its last delivery, and everything that deliveries
   * refer to.
   */
  private void refuseAnotherLog() throws SQLException {
    refuseOthers("events", "SELECT id || ' ' || event || ' ' || coalesce(action, '') FROM kind");
    refuseOthers("subscriptions", "SELECT id || ' ' || name FROM subscription");
    Long last = number(to, "SELECT max(position) FROM delivery");
    if (last != null && !Arrays.equals(guid(from, last), guid(to, last))) {
      throw another("deliveries");
    }
  }

  private void refuseOthers(String what, String sql) throws SQLException {
    if (!texts(from, sql).containsAll(texts(to, sql))) {
      throw another(what);
    }
  }

  private static Set<String> texts(LogTables log, String sql) throws SQLException {
    Set<String> texts = new HashSet<>();
    try (PreparedStatement select = log.connection().prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }

  private IllegalStateException another(String what) {
    return new IllegalStateException(
        "%s holds %s that are not of %s. A log is copied into an empty one."
            .formatted(to.name(), what, from.name()));
  }

  private static byte @Nullable [] guid(LogTables log, long position) throws SQLException {
    try (PreparedStatement select =
        log.connection().prepareStatement("SELECT guid FROM delivery WHERE position = ?")) {
      select.setLong(1, position);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getBytes(1) : null;
      }
    }
  }

  private void copy(CopiedTable table) throws SQLException {
    Long reached = table.isOnlyAddedTo() ? reached(table) : null;
    long all = count(from, table);
    long done = reached == null ? 0 : count(to, table);
    String sql =
        "SELECT %s FROM %s WHERE %s >= ? ORDER BY %3$s"
            .formatted(table.names(), table.sql(), table.key());
    if (!table.isOnlyAddedTo() && table != CopiedTable.SUBSCRIPTION) {
      clear(table); // committed with what takes their place
    }
    try (PreparedStatement select = from.connection().prepareStatement(sql);
        PreparedStatement insert = to.connection().prepareStatement(to.insert(table))) {
      select.setFetchSize(table == CopiedTable.CONTENT ? BODIES_AT_ONCE : ROWS_AT_ONCE);
      select.setLong(1, reached == null ? Long.MIN_VALUE : reached);
      try (ResultSet row = select.executeQuery()) {
        int waiting = 0;
        int bytes = 0;
        while (row.next()) {
          @Nullable Object[] values = read(table, row);
          bytes += bytes(values);
          bind(table, insert, values);
          if (++waiting == ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) {
            write(insert);
            done += waiting;
            waiting = 0;
            bytes = 0;
            progress.at(table.sql(), Math.min(done, all), all);
          }
        }
        write(insert);
      }
    }
  }

  private void clear(CopiedTable table) throws SQLException {
    try (Statement delete = to.connection().createStatement()) {
      delete.executeUpdate("DELETE FROM " + table.sql());
    }
  }

  private @Nullable Long reached(CopiedTable table) throws SQLException {
    return number(to, "SELECT max(%s) FROM %s".formatted(table.key(), table.sql()));
  }

  private static int bytes(@Nullable Object[] values) {
    int bytes = 0;
    for (Object each : values) {
      bytes += each instanceof byte[] array ? array.length : 0;
    }
    return bytes;
  }

  private void write(PreparedStatement insert) throws SQLException {
    insert.executeBatch();
    to.connection().commit();
  }

  private static @Nullable Object[] read(CopiedTable table, ResultSet row) throws SQLException {
    @Nullable Object[] values = new @Nullable Object[table.columns().size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = table.columns().get(index).kind().read(row, index + 1);
    }
    return values;
  }

  private void bind(CopiedTable table, PreparedStatement insert, @Nullable Object[] values)
      throws SQLException {
    for (int index = 0; index < values.length; index++) {
      Object value = values[index];
      if (value == null) {
        insert.setNull(index + 1, table.columns().get(index).kind().type());
      } else if (value instanceof byte[] bytes) {
        insert.setBytes(index + 1, bytes);
      } else {
        insert.setObject(index + 1, value);
      }
    }
    to.add(table, insert, values.length + 1, values);
    insert.addBatch();
  }

  private static long count(LogTables log, CopiedTable table) throws SQLException {
    Long count = number(log, "SELECT count(*) FROM " + table.sql());
    return count == null ? 0 : count;
  }

  private static @Nullable Long number(LogTables log, String sql) throws SQLException {
    try (PreparedStatement select = log.connection().prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      long number = row.next() ? row.getLong(1) : 0;
      return row.wasNull() ? null : number;
    }
  }

  private Copied verified() throws SQLException {
    EventTypes kinds = new EventTypes();
    kinds.reload(to.connection());
    Dictionaries dictionaries = new Dictionaries();
    dictionaries.load(to.connection());
    DeliveryReader reader = new DeliveryReader(to.connection(), kinds, dictionaries);
    long all = count(to, CopiedTable.CONTENT);
    long payloads = 0;
    long damaged = 0;
    long last = Long.MIN_VALUE;
    for (List<Long> some = bodies(last); !some.isEmpty(); some = bodies(last)) {
      for (long position : some) {
        try {
          reader.load(position);
        } catch (DamagedContentException e) {
          damaged++;
        }
        payloads++;
        last = position;
      }
      progress.at("checking", payloads, all);
    }
    return new Copied(count(to, CopiedTable.DELIVERY), payloads, damaged, from.unfinishedReplays());
  }

  private List<Long> bodies(long after) throws SQLException {
    List<Long> found = new ArrayList<>();
    String sql = "SELECT position FROM content WHERE position > ? ORDER BY position LIMIT 1000";
    try (PreparedStatement select = to.connection().prepareStatement(sql)) {
      select.setLong(1, after);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(row.getLong(1));
        }
      }
    }
    return found;
  }
}
