package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.postgres.database.Arrays;
import dev.caravan.log.postgres.database.Kinds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one call that appends deliveries: the function {@code append} of the schema. */
public final class AppendCall {
  private static final String SQL = "SELECT * FROM append(" + "?,".repeat(18) + "?)";

  private final Kinds kinds;

  public AppendCall(Kinds kinds) {
    this.kinds = kinds;
  }

  /**
   * What must be written for one delivery.
   *
   * @param hook the part of its unique key beside the GUID
   * @param differsFrom the position of the first under its GUID, if its payload differs from that
   */
  record Row(Append append, long hook, @Nullable Long differsFrom) {}

  /**
   * What the call has done: a row's position is {@code first} plus its index in the call.
   *
   * @param added positions of the rows that were new
   */
  record Appended(long first, Set<Long> added) {}

  /** Appends them, on a connection with auto-commit. */
  Appended run(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement call = connection.prepareStatement(SQL)) {
      Arrays bind = new Arrays(connection, call);
      bind.all("bytea", rows, row -> row.append().added().guid(), byte[][]::new);
      bind.all("bigint", rows, Row::hook, Long[]::new);
      bind.all("int", rows, row -> kinds.idOf(row.append().kind(), connection), Integer[]::new);
      bind.all("bigint", rows, row -> row.append().receivedAt(), Long[]::new);
      bind.all("text", rows, row -> subject(row).repository(), String[]::new);
      bind.all("text", rows, row -> subject(row).organization(), String[]::new);
      bind.all("text", rows, row -> subject(row).installation(), String[]::new);
      bind.all("text", rows, row -> subject(row).sender(), String[]::new);
      bind.all("text", rows, row -> subject(row).thread(), String[]::new);
      bind.all("int", rows, row -> row.append().added().delivery().body().length, Integer[]::new);
      bind.all("int", rows, row -> row.append().added().checksum(), Integer[]::new);
      bind.all("bigint", rows, Row::differsFrom, Long[]::new);
      bind.all("bigint", rows, row -> row.append().added().sentBy(), Long[]::new);
      // One that differs never ran, so the same payload under another GUID is no copy of it.
      bind.all(
          "bytea",
          rows,
          row -> row.differsFrom() == null ? row.append().added().digest() : null,
          byte[][]::new);
      bind.all("int", rows, row -> row.append().shard(), Integer[]::new);
      bind.all(
          "boolean",
          rows,
          row -> row.append().added().delivery().encoding() == Delivery.Encoding.FORM,
          Boolean[]::new);
      bind.all("int", rows, row -> row.append().added().content().length(), Integer[]::new);
      bind.all("int", rows, row -> row.append().added().content().dictionary(), Integer[]::new);
      bind.all("bytea", rows, row -> row.append().added().content().bytes(), byte[][]::new);
      try (ResultSet result = call.executeQuery()) {
        if (!result.next()) {
          throw new SQLException("append answered nothing");
        }
        return new Appended(result.getLong(1), Set.of((Long[]) result.getArray(2).getArray()));
      }
    }
  }

  private static Delivery.Subject subject(Row row) {
    return row.append().added().delivery().subject();
  }
}
