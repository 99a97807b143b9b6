package dev.caravan.ingress;

import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.log.Delivery;
import io.vertx.core.MultiMap;
import java.time.Instant;

/** A delivery that did not come from GitHub: somebody made it up to try a route. */
final class TestDelivery {
  private TestDelivery() {}

  /**
   * Reads it as a request with that payload would be read.
   *
   * @throws IllegalArgumentException with a sentence for the user, when it would be refused
   */
  static Delivery of(String guid, String event, byte[] payload) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add(GitHubHeaders.EVENT, event)
            .add(GitHubHeaders.DELIVERY, guid)
            .add("Content-Type", "application/json")
            .add("User-Agent", "Caravan-Test");
    try {
      return ReadDelivery.read(
              new HookRequest(
                  headers, Delivery.Encoding.JSON, Instant.now(), payload, Runnable::run))
          .delivery();
    } catch (Rejected e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
