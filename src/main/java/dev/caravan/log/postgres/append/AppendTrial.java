package dev.caravan.log.postgres.append;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Writes something that needs new pages, then rolls back: a full disk lets small changes through.
 */
final class AppendTrial {
  private static final String SQL =
      "INSERT INTO content (position, form, length, bytes) VALUES (-1, false, 0, ?)";
  private static final int BYTES = 256 << 10;

  void run(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(SQL)) {
      insert.setBytes(1, new byte[BYTES]);
      insert.executeUpdate();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }
}
