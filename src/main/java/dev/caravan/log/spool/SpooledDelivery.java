package dev.caravan.log.spool;

import dev.caravan.delivery.Delivery;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A delivery as a spool keeps it: under a new GUID, because only the shared log can say what a
 * repeated GUID means.
 */
final class SpooledDelivery {
  private static final String GUID = "Caravan-Spooled-Delivery";

  private SpooledDelivery() {}

  static Delivery wrap(Delivery delivery) {
    Map<String, String> headers = new LinkedHashMap<>(delivery.headers());
    headers.put(GUID, delivery.guid());
    return delivery.with(UUID.randomUUID().toString(), headers);
  }

  static Delivery unwrap(Delivery kept) {
    Map<String, String> headers = new LinkedHashMap<>(kept.headers());
    String guid = headers.remove(GUID);
    return kept.with(guid == null ? kept.guid() : guid, headers);
  }
}
