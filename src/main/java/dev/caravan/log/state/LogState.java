package dev.caravan.log.state;

import dev.caravan.log.reading.DeliveryReader;
import java.sql.SQLException;
import java.time.Duration;

/** What a search must know that is not in the tables, as of this moment. */
public interface LogState {
  /** The first position that is not committed yet. */
  long end(DeliveryReader reader) throws SQLException;

  /**
   * How much earlier than others before it a delivery may have been received, at most, beside what
   * clocks and slow senders cause.
   */
  default Duration longestDelay(DeliveryReader reader) throws SQLException {
    return Duration.ZERO;
  }

  /**
   * The state of the subscriptions. Ask before reading the tables: they have what is finished in
   * between.
   */
  Subscriptions subscriptions(DeliveryReader reader) throws SQLException;
}
