package dev.caravan.cli;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.Delivery.Encoding;
import dev.caravan.ingress.TestDelivery;
import dev.caravan.management.LogApi;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A delivery to try routes with.
 *
 * @param was its outcome for each subscription; empty when it is not from the log
 */
record TriedDelivery(Delivery delivery, Map<String, JsonObject> was) {

  /**
   * One made of an event and a payload.
   *
   * @throws CommandFailedException when that is no delivery
   */
  static TriedDelivery of(String event, byte[] payload) {
    return new TriedDelivery(read(event, payload), Map.of());
  }

  /** Reads those that the parameters select, newest first, and passes each on at once. */
  static void ofLog(
      LogAccess log, Map<String, String> parameters, int most, Consumer<TriedDelivery> give) {
    Map<String, String> asked = new LinkedHashMap<>(parameters);
    int left = most;
    String next;
    do {
      asked.put("most", String.valueOf(Math.min(left, LogApi.LARGEST_PAGE)));
      JsonObject page = log.deliveries(asked);
      for (Object each : page.getJsonArray("deliveries")) {
        JsonObject summary = (JsonObject) each;
        left--;
        TriedDelivery tried = ofLog(log, summary);
        if (tried != null) {
          give.accept(tried);
        }
      }
      next = page.getString("next");
      asked.put("before", next);
    } while (next != null && left > 0);
  }

  /** Null when its body is gone. */
  private static @Nullable TriedDelivery ofLog(LogAccess log, JsonObject summary) {
    String position = summary.getString("position");
    String guid = summary.getString("name");
    JsonObject whole =
        log.delivery(guid).getJsonArray("deliveries").stream()
            .map(JsonObject.class::cast)
            .filter(each -> position.equals(each.getString("position")))
            .findFirst()
            .orElse(null);
    if (whole == null || !whole.getBoolean("kept")) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    whole
        .getJsonObject("headers")
        .forEach(each -> headers.put(each.getKey(), String.valueOf(each.getValue())));
    byte[] body = log.body(guid, position);
    byte[] payload = log.payload(guid, position);
    Delivery read = read(summary.getString("event"), payload);
    Map<String, JsonObject> was = new LinkedHashMap<>();
    for (Object outcome : summary.getJsonArray("outcomes", new JsonArray())) {
      was.put(((JsonObject) outcome).getString("subscription"), (JsonObject) outcome);
    }
    return new TriedDelivery(
        new Delivery(
            summary.getString("guid"),
            read.event(),
            read.subject(),
            Instant.parse(summary.getString("receivedAt")),
            headers,
            Arrays.equals(body, payload) ? Encoding.JSON : Encoding.FORM,
            body),
        was);
  }

  private static Delivery read(String event, byte[] payload) {
    try {
      return TestDelivery.of(event, payload);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "A payload of %s cannot be tried: %s".formatted(event, e.getMessage()));
    }
  }
}
