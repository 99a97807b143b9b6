package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.postgres.database.Failures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Counts deliveries that came again: the function {@code count_repeats} of the schema. */
final class RepeatCount {
  private static final String COUNT = "SELECT count_repeats(?, ?, ?, ?, ?, ?, ?)";

  private RepeatCount() {}

  /**
   * Counts them at the stored delivery; stores its body again if that is gone.
   *
   * @throws SQLException also when the delivery is {@link Failures#isForgotten forgotten}
   */
  static void add(Connection connection, Append repeat, long position, int times)
      throws SQLException {
    try (PreparedStatement call = connection.prepareStatement(COUNT)) {
      call.setLong(1, position);
      call.setInt(2, times);
      call.setBoolean(3, repeat.added().delivery().encoding() == Delivery.Encoding.FORM);
      call.setInt(4, repeat.added().content().length());
      call.setInt(5, repeat.added().content().dictionary());
      call.setBytes(6, repeat.added().content().bytes());
      call.setLong(7, repeat.receivedAt());
      call.execute();
    }
  }
}
