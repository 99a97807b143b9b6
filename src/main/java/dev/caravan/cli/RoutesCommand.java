package dev.caravan.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Shows which routes the running server runs, how far each is, and which files are broken. */
@Command(
    name = "routes",
    description = "Lists the routes of the running server, and the route files that are broken.")
final class RoutesCommand extends ServerQuestion {
  private static final List<String> HEADINGS =
      List.of(
          "ROUTE", "FILE", "FROM", "STATUS", "SUBSCRIPTION", "LAG", "DUE", "DEAD", "LAST ERROR");

  @Override
  JsonObject ask(ServerAccess server) {
    return server.routes();
  }

  @Override
  void print(JsonObject answer, PrintWriter out) {
    print(answer.getJsonArray("routes"), answer.getJsonArray("files"), out);
  }

  private static void print(JsonArray routes, JsonArray files, PrintWriter out) {
    if (routes.isEmpty()) {
      out.println("No route runs.");
    } else {
      Terminal.table(HEADINGS, routes, RoutesCommand::row).forEach(out::println);
    }
    List<JsonObject> all = files.stream().map(JsonObject.class::cast).toList();
    if (all.stream().anyMatch(file -> !file.getJsonObject("offers").isEmpty())) {
      out.println();
      all.forEach(file -> printOffers(file, out));
    }
    for (JsonObject file : all) {
      if (file.getJsonObject("problem") != null) {
        out.println();
        out.println(problem(file, routes));
      }
    }
  }

  /** Prints what a shared file offers, and which route files use it. */
  private static void printOffers(JsonObject file, PrintWriter out) {
    for (Map.Entry<String, Object> offer : file.getJsonObject("offers")) {
      List<String> users =
          ((JsonArray) offer.getValue())
              .stream().map(user -> Terminal.plain(String.valueOf(user))).toList();
      out.println(
          "%s offers %s, used by %s"
              .formatted(
                  Terminal.plain(file.getString("file")),
                  Terminal.plain(offer.getKey()),
                  users.isEmpty() ? "nobody" : String.join(", ", users)));
    }
  }

  private static List<String> row(JsonObject route) {
    String error = route.getString("lastError");
    return List.of(
        Terminal.plain(route.getString("id")),
        Terminal.plain(route.getString("file")),
        Terminal.plain(route.getString("from")),
        status(route),
        Terminal.cell(route.getString("subscription")),
        Terminal.cell(route.getLong("lag")),
        Terminal.cell(route.getLong("due")),
        Terminal.cell(route.getLong("deadLetters")),
        error == null
            ? "-"
            : DeliveryTable.time(route.getString("lastErrorAt")) + " " + Terminal.plain(error));
  }

  private static String status(JsonObject route) {
    return Terminal.plain(route.getString("status")).toLowerCase(Locale.ROOT)
        + (route.getBoolean("paused", false) ? ", paused" : "");
  }

  private static String problem(JsonObject file, JsonArray routes) {
    String name = file.getString("file");
    JsonObject problem = file.getJsonObject("problem");
    List<String> running =
        routes.stream()
            .map(JsonObject.class::cast)
            .filter(route -> name.equals(route.getString("file")))
            .map(route -> Terminal.plain(route.getString("id")))
            .toList();
    return "%s is broken since %s: %s. %s"
        .formatted(
            place(name, problem.getInteger("line")),
            DeliveryTable.time(file.getString("since")),
            Terminal.plain(problem.getString("message")),
            !file.getJsonObject("offers").isEmpty()
                ? "What it offered before is in use."
                : running.isEmpty()
                    ? "None of its routes runs."
                    : "Its last good version runs: " + String.join(", ", running) + ".");
  }

  private static String place(String file, @Nullable Integer line) {
    return Terminal.plain(file) + (line == null ? "" : ":" + line);
  }
}
