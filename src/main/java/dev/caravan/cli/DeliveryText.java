package dev.caravan.cli;

import dev.caravan.wording.Count;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One delivery in full, for a person to read. */
final class DeliveryText {
  private DeliveryText() {}

  /**
   * The text.
   *
   * @param payload null when it is no longer kept
   */
  static String of(JsonObject delivery, byte @Nullable [] payload) {
    List<String> lines = new ArrayList<>(facts(delivery));
    lines.add("");
    lines.add("Headers");
    delivery
        .getJsonObject("headers")
        .forEach(
            header ->
                lines.add(
                    "  "
                        + Terminal.plain(header.getKey())
                        + ": "
                        + Terminal.plain(String.valueOf(header.getValue()))));
    lines.add("");
    lines.add("Outcomes");
    lines.addAll(outcomes(delivery));
    lines.add("");
    lines.add("Attempts");
    lines.addAll(attempts(delivery));
    lines.add("");
    lines.add("Payload");
    lines.add(payload == null ? "  no longer kept" : PayloadText.indented(payload));
    return String.join("\n", lines);
  }

  private static List<String> facts(JsonObject delivery) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Delivery", Terminal.plain(delivery.getString("name"))));
    rows.add(List.of("Event", Terminal.plain(DeliveryTable.event(delivery))));
    rows.add(List.of("Repository", or(delivery.getString("repository"), "none")));
    rows.add(List.of("Sender", or(delivery.getString("sender"), "none")));
    rows.add(List.of("Received", delivery.getString("receivedAt")));
    rows.add(List.of("Body", delivery.getInteger("bytes") + " bytes"));
    Long hook = delivery.getLong("hook");
    if (hook != null) {
      rows.add(List.of("Hook", hook.toString()));
    }
    rows.add(List.of("Position", Terminal.plain(delivery.getString("position"))));
    int repeats = delivery.getInteger("repeats");
    if (repeats > 0) {
      rows.add(List.of("Came again", repeats == 1 ? "once" : Count.of(repeats, "time")));
    }
    if (delivery.getBoolean("differsFromFirst")) {
      rows.add(
          List.of(
              "Note", "Its hook sent another payload under its GUID before; this one is not run."));
    }
    return Terminal.table(rows);
  }

  private static List<String> outcomes(JsonObject delivery) {
    List<List<String>> rows = new ArrayList<>();
    for (Object entry : delivery.getJsonArray("outcomes")) {
      JsonObject outcome = (JsonObject) entry;
      String state = Objects.requireNonNull(outcome.getString("state"));
      String at = outcome.getString("at");
      rows.add(
          List.of(
              "  " + Terminal.plain(outcome.getString("subscription")),
              state.equals("waiting") && at != null ? "waiting until" : state,
              at == null ? "" : DeliveryTable.time(at),
              state.equals("dead-letter")
                  ? "run it again with: caravan replay %s --to %s"
                      .formatted(
                          Terminal.plain(delivery.getString("name")),
                          Terminal.plain(outcome.getString("subscription")))
                  : ""));
    }
    return rows.isEmpty() ? List.of("  none") : Terminal.table(rows);
  }

  private static List<String> attempts(JsonObject delivery) {
    List<List<String>> rows = new ArrayList<>();
    for (Object entry : delivery.getJsonArray("attempts")) {
      JsonObject attempt = (JsonObject) entry;
      rows.add(
          List.of(
              "  " + attempt.getString("startedAt"),
              Terminal.plain(attempt.getString("subscription")),
              "attempt " + attempt.getInteger("number"),
              attempt.getLong("took") + " ms",
              or(
                  attempt.getString("error"),
                  attempt.getInteger("number") == 0 ? "superseded by a newer one" : "succeeded")));
    }
    return rows.isEmpty() ? List.of("  none yet") : Terminal.table(rows);
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null ? otherwise : Terminal.plain(text);
  }
}
