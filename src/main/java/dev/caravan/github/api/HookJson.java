package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hooks and their deliveries in the API's JSON. */
final class HookJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private HookJson() {}

  static ObjectNode body(HookConfig config, List<String> events) {
    ObjectNode body = JSON.objectNode().put("active", true);
    events.forEach(body.putArray("events")::add);
    body.set("config", config(config));
    return body;
  }

  /** Always all four: GitHub drops the secret if a configuration comes without it. */
  static ObjectNode config(HookConfig config) {
    return JSON.objectNode()
        .put("url", config.url())
        .put("content_type", "json")
        .put("secret", config.secret())
        .put("insecure_ssl", "0");
  }

  static Hook hook(HookOwner owner, JsonNode hook) {
    JsonNode config = hook.path("config");
    JsonNode last = hook.path("last_response");
    return new Hook(
        owner,
        hook.path("id").asLong(),
        config.path("url").asText(""),
        config.path("content_type").asText("form"), // GitHub's own default
        !config.path("secret").asText("").isEmpty(),
        verifiesTls(config),
        hook.path("active").asBoolean(),
        texts(hook.path("events")),
        last.path("code").isNumber() ? (Integer) last.path("code").asInt() : null,
        text(last.path("status")));
  }

  static Hook appHook(JsonNode config, List<String> events) {
    return new Hook(
        HookOwner.APP,
        0,
        config.path("url").asText(""),
        config.path("content_type").asText("form"),
        !config.path("secret").asText("").isEmpty(),
        verifiesTls(config),
        true,
        events,
        null,
        null);
  }

  static HookDelivery delivery(JsonNode delivery) {
    JsonNode repository = delivery.path("repository_id");
    String throttled = text(delivery.path("throttled_at"));
    return new HookDelivery(
        delivery.path("id").asLong(),
        delivery.path("guid").asText(),
        Instant.parse(delivery.path("delivered_at").asText()),
        delivery.path("redelivery").asBoolean(),
        delivery.path("status").asText(""),
        delivery.path("status_code").asInt(),
        delivery.path("event").asText(),
        text(delivery.path("action")),
        repository.isNumber() ? (Long) repository.asLong() : null,
        throttled == null ? null : Instant.parse(throttled));
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return List.copyOf(texts);
  }

  /** The value is "0" or "1", or a number: GitHub returns what it was given. */
  private static boolean verifiesTls(JsonNode config) {
    return !config.path("insecure_ssl").asText("0").equals("1");
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty() ? node.asText() : null;
  }
}
