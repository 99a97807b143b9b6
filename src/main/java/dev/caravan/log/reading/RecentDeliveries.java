package dev.caravan.log.reading;

import dev.caravan.delivery.Delivery;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest deliveries that came through this process: subscriptions that keep up need not read
 * them back. Read by many threads, filled by the one that appends.
 */
public final class RecentDeliveries {
  private static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final int LARGEST = 256 * 1024;

  private final Map<Long, Delivery> deliveries = new ConcurrentHashMap<>();
  private final ArrayDeque<Long> order = new ArrayDeque<>();
  private long bytes;

  /** Adds a delivery that is on disk; call it once for a position. */
  public void put(long position, Delivery delivery) {
    if (delivery.body().length > LARGEST) {
      return;
    }
    deliveries.put(position, delivery);
    order.addLast(position);
    bytes += delivery.body().length;
    while (bytes > MOST_BYTES) {
      bytes -= deliveries.remove(order.removeFirst()).body().length;
    }
  }

  /** Forgets all of them. Only for the thread that fills it, or while that thread does nothing. */
  public void clear() {
    order.clear();
    deliveries.clear();
    bytes = 0;
  }

  /** The delivery at a position, or null when it is not kept here. */
  public @Nullable Delivery find(long position) {
    return deliveries.get(position);
  }
}
