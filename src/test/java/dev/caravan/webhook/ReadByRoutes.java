package dev.caravan.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.Delivery;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** What routes are given of a delivery, for tests of what comes before the routes. */
public final class ReadByRoutes {
  private static final int LEVELS = 3;

  private ReadByRoutes() {}

  /** The body of a route's message. */
  public static Map<String, Object> payload(Delivery delivery) {
    Map<String, Object> payload = new LazyPayload(delivery);
    assertThat(payload.keySet()).as("a look into it").isNotNull();
    return payload;
  }

  /** That body as a connector sends it, once the route has looked into it. */
  public static byte[] json(Map<String, Object> payload) {
    return ((LazyPayload) payload).toJson();
  }

  /** Reads what is read before a route runs: to describe the delivery, to see if it is wanted. */
  public static void readBeforehand(Delivery delivery) {
    CloudEvents.attributes(delivery);
    Branches.of(delivery);
    ChangedFiles.of(delivery);
  }

  /** What is described and wanted by: the texts and numbers that are not too deep. */
  public static Map<String, Object> outline(Delivery delivery) {
    return outlineOf(PayloadOutline.read(delivery.payload(), name -> true), LEVELS);
  }

  /** What of a payload belongs into its outline; numbers however they are written. */
  public static Map<String, Object> outlineOf(Map<?, ?> payload) {
    return outlineOf(payload, LEVELS);
  }

  private static Map<String, Object> outlineOf(Map<?, ?> object, int levels) {
    Map<String, Object> outline = new HashMap<>();
    object.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> inner && levels > 1) {
            outline.put((String) name, outlineOf(inner, levels - 1));
          } else if (value instanceof String || value instanceof Number) {
            outline.put((String) name, plain(value.toString()));
          }
        });
    return outline;
  }

  private static String plain(String text) {
    try {
      return new BigDecimal(text).stripTrailingZeros().toString();
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
