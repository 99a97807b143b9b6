package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets deliveries be received by the database's clock where this node's is wrong: the nodes of a
 * log look them up, and delete them, by one time. Safe for use by many threads.
 */
public final class ArrivalTimes {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** Less than that may be the way to the database and back. */
  private static final long WORTH_A_CHANGE_MILLIS = 2000;

  private final InstantSource clock;
  private final LongSupplier database;
  private volatile boolean isSaid;

  /**
   * @param clock of this node
   * @param database the database's time, in milliseconds since 1970
   */
  public ArrivalTimes(InstantSource clock, LongSupplier database) {
    this.clock = clock;
    this.database = database;
  }

  /** The delivery as it came in by the database's clock. */
  public Delivery byDatabase(Delivery delivery) {
    long ahead = clock.millis() - database.getAsLong();
    if (Math.abs(ahead) < WORTH_A_CHANGE_MILLIS) {
      return delivery;
    }
    if (!isSaid) {
      isSaid = true;
      LOG.warn(
          "This node's clock is {} s {} the database's. Set it right. Deliveries are received by the database's clock.",
          Math.round(Math.abs(ahead) / 1000.0),
          ahead < 0 ? "behind" : "ahead of");
    }
    return delivery.with(delivery.receivedAt().minusMillis(ahead));
  }
}
