package dev.caravan.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.webhook.cloudevents.CloudEvents;
import dev.caravan.webhook.filter.PayloadFilter;
import dev.caravan.webhook.payload.LazyPayload;
import dev.caravan.webhook.payload.PayloadOutline;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What routes are given of a delivery, for tests of what comes before the routes. */
public final class ReadByRoutes {
  private static final int LEVELS = 3;
  private static final EventFilter ALL = EventFilter.parse("*", null);

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
    PayloadFilter.parse("**", null, ALL).wants(delivery);
    PayloadFilter.parse(null, "**", ALL).wants(delivery);
  }

  /** What an outline has at these paths, when it is read to its end. */
  public static Map<String, String> outline(Delivery delivery, Set<String> paths) {
    List<List<String>> wanted = new ArrayList<>(paths.stream().map(List::of).toList());
    wanted.add(List.of("something that is in no payload"));
    Map<String, String> outline = new HashMap<>(PayloadOutline.read(delivery.payload(), wanted));
    outline.replaceAll((path, value) -> plain(value));
    return outline;
  }

  /** The texts and numbers of a payload by their paths, numbers however they are written. */
  public static Map<String, String> values(Map<?, ?> payload) {
    Map<String, String> values = new HashMap<>();
    addValues(payload, "", LEVELS, values);
    return values;
  }

  private static void addValues(
      Map<?, ?> object, String path, int levels, Map<String, String> values) {
    object.forEach(
        (name, value) -> {
          String here = path + name;
          if (here.equals(path) || ((String) name).contains(".")) {
            return; // no path leads there
          }
          if (value instanceof Map<?, ?> inner && levels > 1) {
            addValues(inner, here + ".", levels - 1, values);
          } else if (value instanceof String || value instanceof Number) {
            values.put(here, plain(value.toString()));
          }
        });
  }

  private static String plain(String text) {
    try {
      return new BigDecimal(text).stripTrailingZeros().toString();
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
