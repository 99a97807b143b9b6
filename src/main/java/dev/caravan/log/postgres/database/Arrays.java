package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of a call in order, most of them arrays. */
public final class Arrays {
  private final Connection connection;
  private final PreparedStatement call;
  private int index;

  public Arrays(Connection connection, PreparedStatement call) {
    this.connection = connection;
    this.call = call;
  }

  /** The index of the next parameter, which the caller sets. */
  public int next() {
    return ++index;
  }

  /** A row's value for a column. */
  @FunctionalInterface
  public interface Value<R, T extends @Nullable Object> {
    T of(R row) throws SQLException;
  }

  public <R, T> void all(
      String type,
      List<R> rows,
      Value<R, ? extends @Nullable T> value,
      IntFunction<@Nullable T[]> make)
      throws SQLException {
    @Nullable T[] values = make.apply(rows.size());
    for (int row = 0; row < values.length; row++) {
      values[row] = value.of(rows.get(row));
    }
    call.setArray(next(), connection.createArrayOf(type, values));
  }
}
