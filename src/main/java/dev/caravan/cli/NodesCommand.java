package dev.caravan.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** The processes that use a shared log. */
@Command(
    name = "nodes",
    description = {
      "Lists the nodes that share the delivery log (caravan.log=postgresql://...), as any of them",
      "sees them. Routes, secrets and some settings must be the same on all: compare the checksums."
    })
final class NodesCommand extends ServerQuestion {
  /** The state of a node with which nothing is wrong. */
  static final String READY = "ready";

  private static final List<String> HEADINGS =
      List.of("NODE", "VERSION", "SINCE", "SHARDS", "ROUTES", "SECRETS", "SETTINGS", "STATE");

  @Override
  JsonObject ask(ServerAccess server) {
    return server.nodes();
  }

  @Override
  void print(JsonObject answer, PrintWriter out) {
    JsonArray nodes = answer.getJsonArray("nodes");
    if (nodes.isEmpty()) {
      out.println("The log is in this server's own data directory: there are no other nodes.");
    } else {
      Terminal.table(HEADINGS, nodes, NodesCommand::row).forEach(out::println);
    }
  }

  private static List<String> row(JsonObject node) {
    return List.of(
        Terminal.plain(node.getString("name")) + (node.getBoolean("this") ? " (this)" : ""),
        Terminal.cell(node.getString("version")),
        DeliveryTable.time(node.getString("since")),
        node.getInteger("shards").toString(),
        Terminal.cell(node.getString("routes")),
        Terminal.cell(node.getString("secrets")),
        Terminal.cell(node.getString("settings")),
        state(node));
  }

  /** The state of a node, in words. */
  static String state(JsonObject node) {
    String trouble = node.getString("trouble");
    String differs =
        node.getJsonArray("differs").stream()
            .map(String::valueOf)
            .collect(Collectors.joining(" and "));
    String spooled = node.getString("spooled", "");
    String state =
        !trouble.isEmpty()
            ? Terminal.plain(trouble)
            : node.getString("version") == null
                ? "starting" // it has said nothing of itself yet
                : differs.isEmpty() ? READY : "other " + Terminal.plain(differs) + " than this";
    return spooled.isEmpty() ? state : state + ", " + Terminal.plain(spooled) + " spooled";
  }
}
