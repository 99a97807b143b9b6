package dev.caravan.log.postgres;

import dev.caravan.log.Delivery;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The one call that appends deliveries: the function {@code append} of the schema. */
final class AppendCall {
  private static final String SQL = "SELECT * FROM append(" + "?,".repeat(18) + "?)";

  private final Kinds kinds;

  AppendCall(Kinds kinds) {
    this.kinds = kinds;
  }

  /**
   * What is to be written of one delivery.
   *
   * @param hook what its GUID is unique with
   * @param differsFrom the position of the first under its GUID, where its payload differs
   */
  record Row(Append append, long hook, @Nullable Long differsFrom) {}

  /**
   * What the call has done: the position of a row is {@code first} and its number in the call.
   *
   * @param added positions of those that were not there
   */
  record Appended(long first, Set<Long> added) {}

  /** Appends them; committed when it returns, unless the connection is in a transaction. */
  Appended run(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement call = connection.prepareStatement(SQL)) {
      Binding bind = new Binding(connection, call, rows);
      bind.all("bytea", row -> row.append().added().guid(), byte[][]::new);
      bind.all("bigint", Row::hook, Long[]::new);
      bind.all("int", kinds(rows), Integer[]::new);
      bind.all("bigint", row -> row.append().receivedAt(), Long[]::new);
      bind.all("text", row -> subject(row).repository(), String[]::new);
      bind.all("text", row -> subject(row).organization(), String[]::new);
      bind.all("text", row -> subject(row).installation(), String[]::new);
      bind.all("text", row -> subject(row).sender(), String[]::new);
      bind.all("text", row -> subject(row).thread(), String[]::new);
      bind.all("int", row -> row.append().added().delivery().body().length, Integer[]::new);
      bind.all("int", row -> row.append().added().checksum(), Integer[]::new);
      bind.all("bigint", Row::differsFrom, Long[]::new);
      bind.all("bigint", row -> row.append().added().sentBy(), Long[]::new);
      // One that differs never ran: the same under another GUID is no copy of it.
      bind.all(
          "bytea",
          row -> row.differsFrom() == null ? row.append().added().digest() : null,
          byte[][]::new);
      bind.all("int", row -> row.append().shard(), Integer[]::new);
      bind.all(
          "boolean",
          row -> row.append().added().delivery().encoding() == Delivery.Encoding.FORM,
          Boolean[]::new);
      bind.all("int", row -> row.append().added().content().length(), Integer[]::new);
      bind.all("int", row -> row.append().added().content().dictionary(), Integer[]::new);
      bind.all("bytea", row -> row.append().added().content().bytes(), byte[][]::new);
      try (ResultSet result = call.executeQuery()) {
        if (!result.next()) {
          throw new SQLException("append answered nothing");
        }
        return new Appended(result.getLong(1), Set.of((Long[]) result.getArray(2).getArray()));
      }
    }
  }

  private Function<Row, Integer> kinds(List<Row> rows) throws SQLException {
    IdentityHashMap<Row, Integer> ids = new IdentityHashMap<>();
    for (Row row : rows) {
      ids.put(row, kinds.idOf(row.append().kind()));
    }
    return ids::get;
  }

  private static Delivery.Subject subject(Row row) {
    return row.append().added().delivery().subject();
  }

  /** Gives a call its arrays, one after the other. */
  private static final class Binding {
    private final Connection connection;
    private final PreparedStatement call;
    private final List<Row> rows;
    private int index;

    Binding(Connection connection, PreparedStatement call, List<Row> rows) {
      this.connection = connection;
      this.call = call;
      this.rows = rows;
    }

    <T> void all(
        String type, Function<Row, ? extends @Nullable T> value, IntFunction<@Nullable T[]> make)
        throws SQLException {
      @Nullable T[] values = make.apply(rows.size());
      for (int row = 0; row < values.length; row++) {
        values[row] = value.apply(rows.get(row));
      }
      Array array = connection.createArrayOf(type, values);
      call.setArray(++index, array);
    }
  }
}
