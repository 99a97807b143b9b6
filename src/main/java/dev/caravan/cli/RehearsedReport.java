package dev.caravan.cli;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.rehearsal.Rehearsed;
import dev.caravan.rehearsal.stage.Send;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Reports what routes would do with a delivery, for people and for programs. */
final class RehearsedReport {
  private static final int LONGEST_TEXT = 300;

  private RehearsedReport() {}

  static List<String> lines(TriedDelivery tried, List<Rehearsed> told) {
    Delivery delivery = tried.delivery();
    List<String> lines = new ArrayList<>();
    lines.add(Terminal.plain(title(delivery)));
    if (told.isEmpty()) {
      lines.add("  There is no route that begins at a delivery.");
    }
    int width = told.stream().mapToInt(each -> each.route().length()).max().orElse(0);
    for (Rehearsed each : told) {
      JsonObject was = tried.was().get(each.subscription());
      lines.add(
          Terminal.plain(
              "  %s  %s%s%s"
                  .formatted(
                      each.route() + " ".repeat(width - each.route().length()),
                      each.verdict().words(),
                      each.reason().isEmpty() ? "" : ": " + each.reason(),
                      was == null ? "" : " (now: " + was.getString("state") + ")")));
      each.sends().forEach(send -> lines.addAll(lines(send)));
      if (each.moreSends() > 0) {
        lines.add("      and %d more".formatted(each.moreSends()));
      }
      each.notes().forEach(note -> lines.add(Terminal.plain("      " + shortened(note))));
    }
    return lines;
  }

  private static String title(Delivery delivery) {
    String action = delivery.subject().action();
    String repository = delivery.subject().repository();
    return delivery.event()
        + (action == null ? "" : "." + action)
        + (repository == null ? "" : " in " + repository)
        + (DeliveryName.isTest(delivery.guid()) ? "" : ", " + delivery.guid());
  }

  private static List<String> lines(Send send) {
    List<String> lines = new ArrayList<>();
    lines.add(Terminal.plain("      sends to " + send.address()));
    send.headers()
        .forEach((name, value) -> lines.add(Terminal.plain("        " + name + ": " + value)));
    if (send.size() > 0) {
      String body = send.body();
      lines.add(
          Terminal.plain(
              String.format(Locale.ROOT, "        %,d bytes: %s", send.size(), shortened(body))));
    }
    return lines;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }

  static JsonObject json(TriedDelivery tried, List<Rehearsed> told) {
    Delivery delivery = tried.delivery();
    JsonArray routes = new JsonArray();
    for (Rehearsed each : told) {
      JsonArray sends = new JsonArray();
      each.sends().forEach(send -> sends.add(json(send)));
      JsonObject was = tried.was().get(each.subscription());
      routes.add(
          new JsonObject()
              .put("route", each.route())
              .put("subscription", each.subscription())
              .put("verdict", each.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .put("reason", each.reason())
              .put("sends", sends)
              .put("moreSends", each.moreSends())
              .put("notes", new JsonArray(each.notes()))
              .put("now", was == null ? null : was.getString("state")));
    }
    return new JsonObject()
        .put("guid", delivery.guid())
        .put("event", delivery.event())
        .put("action", delivery.subject().action())
        .put("repository", delivery.subject().repository())
        .put("routes", routes);
  }

  private static JsonObject json(Send send) {
    JsonObject headers = new JsonObject();
    new TreeMap<>(send.headers()).forEach(headers::put);
    return new JsonObject()
        .put("to", send.to())
        .put("method", send.method())
        .put("headers", headers)
        .put("bytes", send.size())
        .put("body", send.body());
  }
}
