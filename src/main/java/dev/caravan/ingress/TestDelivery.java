package dev.caravan.ingress;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.Rejected;
import dev.caravan.ingress.route.LimitExpansion;
import dev.caravan.ingress.route.ReadDelivery;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Makes a delivery that did not come from GitHub, to try a route. */
public final class TestDelivery {
  private TestDelivery() {}

  /**
   * Reads a payload as the port would, and gives it a GUID that no request can have.
   *
   * @throws IllegalArgumentException with a sentence for the user, when it would be refused
   */
  public static Delivery of(String event, byte[] payload) {
    return of(event, payload, new LimitExpansion(Runtime.getRuntime().maxMemory()));
  }

  /** The same, under an existing limit. */
  static Delivery of(String event, byte[] payload, LimitExpansion limit) {
    String uuid = UUID.randomUUID().toString();
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add(GitHubHeaders.EVENT, event)
            .add(GitHubHeaders.DELIVERY, uuid)
            .add("Content-Type", "application/json")
            .add("User-Agent", "Caravan-Test");
    try {
      Delivery delivery =
          ReadDelivery.read(
                  new HookRequest(
                      headers, Delivery.Encoding.JSON, Instant.now(), payload, Runnable::run))
              .delivery();
      limit.check(delivery);
      return marked(delivery, DeliveryName.testGuid(uuid));
    } catch (Rejected e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Delivery marked(Delivery delivery, String guid) {
    Map<String, String> headers = new LinkedHashMap<>(delivery.headers());
    headers.put(GitHubHeaders.DELIVERY, guid);
    return delivery.with(guid, Collections.unmodifiableMap(headers));
  }
}
