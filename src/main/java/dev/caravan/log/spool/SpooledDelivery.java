package dev.caravan.log.spool;

import dev.caravan.log.Delivery;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A delivery as it is kept in a spool: under a GUID of its own, since only the log that it is for
 * can say what a GUID means that comes twice.
 */
final class SpooledDelivery {
  private static final String GUID = "Caravan-Spooled-Delivery";

  private SpooledDelivery() {}

  static Delivery wrap(Delivery delivery) {
    Map<String, String> headers = new LinkedHashMap<>(delivery.headers());
    headers.put(GUID, delivery.guid());
    return with(delivery, UUID.randomUUID().toString(), headers);
  }

  static Delivery unwrap(Delivery kept) {
    Map<String, String> headers = new LinkedHashMap<>(kept.headers());
    String guid = headers.remove(GUID);
    return with(kept, guid == null ? kept.guid() : guid, headers);
  }

  private static Delivery with(Delivery delivery, String guid, Map<String, String> headers) {
    return new Delivery(
        guid,
        delivery.event(),
        delivery.subject(),
        delivery.receivedAt(),
        headers,
        delivery.encoding(),
        delivery.body());
  }
}
