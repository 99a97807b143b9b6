package dev.caravan.log.state;

import dev.caravan.log.reading.DeliveryReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription has yet to run for the first time.
 *
 * @param deliveries how many
 * @param oldestReceivedAt null when there are none
 */
public record Backlog(long deliveries, @Nullable Instant oldestReceivedAt) {
  private static final String RECEIVED_AT =
      "SELECT received_at FROM delivery WHERE position >= ? ORDER BY position LIMIT 1";

  /** Nothing. */
  public static final Backlog NONE = new Backlog(0, null);

  /**
   * That many deliveries; the oldest is the first one known from that position on.
   *
   * @throws SQLException when that cannot be read
   */
  public static Backlog of(long deliveries, long oldest, DeliveryReader reader)
      throws SQLException {
    if (deliveries == 0) {
      return NONE;
    }
    try (PreparedStatement statement = reader.prepare(RECEIVED_AT)) {
      statement.setLong(1, oldest);
      try (ResultSet row = statement.executeQuery()) {
        return new Backlog(deliveries, row.next() ? Instant.ofEpochMilli(row.getLong(1)) : null);
      }
    }
  }
}
