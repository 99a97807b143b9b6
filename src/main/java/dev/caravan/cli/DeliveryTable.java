package dev.caravan.cli;

import dev.caravan.wording.Count;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Deliveries as lines: time, GUID, event, repository, and a short outcome. */
final class DeliveryTable {
  private static final List<String> HEADINGS =
      List.of("RECEIVED", "GUID", "EVENT", "REPOSITORY", "OUTCOME");

  private DeliveryTable() {}

  /** The table, aligned and with headings. */
  static List<String> lines(List<JsonObject> deliveries) {
    return Terminal.table(HEADINGS, deliveries, DeliveryTable::row);
  }

  /** One line, not aligned, since the following ones are not known. */
  static String line(JsonObject delivery) {
    return String.join("  ", row(delivery));
  }

  private static List<String> row(JsonObject delivery) {
    return List.of(
        time(delivery.getString("receivedAt")),
        Terminal.plain(delivery.getString("name")),
        Terminal.plain(event(delivery)),
        Terminal.cell(delivery.getString("repository")),
        outcomes(delivery));
  }

  /** The event and action, as a route names them. */
  static String event(JsonObject delivery) {
    String action = delivery.getString("action");
    return delivery.getString("event") + (action == null ? "" : "." + action);
  }

  /** To the second, in UTC. */
  static String time(String instant) {
    return instant.replaceFirst("\\.\\d+Z$", "Z");
  }

  private static String outcomes(JsonObject delivery) {
    if (delivery.getBoolean("differsFromFirst")) {
      return "differs from the first of its GUID, not run";
    }
    String outcomes =
        delivery.getJsonArray("outcomes").stream()
            .map(outcome -> outcome((JsonObject) outcome))
            .collect(Collectors.joining(", "));
    return outcomes.isEmpty() ? "-" : outcomes;
  }

  private static String outcome(JsonObject outcome) {
    String state = Objects.requireNonNull(outcome.getString("state"));
    int attempts = outcome.getInteger("attempts");
    return Terminal.plain(outcome.getString("subscription"))
        + " "
        + state
        + (attempts == 0 && state.equals("completed") ? " (superseded)" : "")
        + (attempts > 1 || (attempts == 1 && !state.equals("completed"))
            ? " (" + Count.of(attempts, "attempt") + ")"
            : "");
  }
}
