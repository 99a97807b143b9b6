package dev.caravan.log.state;

import dev.caravan.log.reading.DeliveryReader;
import java.sql.SQLException;

/** What a search must know beside the tables, as it is at this moment. */
public interface LogState {
  /** The first position that is not committed yet. */
  long end(DeliveryReader reader) throws SQLException;

  /**
   * The state of the subscriptions. Ask before the tables are read: what is finished in between is
   * in them then.
   */
  Subscriptions subscriptions(DeliveryReader reader) throws SQLException;
}
