package dev.caravan.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the replays of a running server, and cancels one. */
final class ReplaysCommand {
  private static final List<String> HEADINGS =
      List.of("ID", "STARTED", "STATE", "FOUND", "SCHEDULED", "TAKEN BACK", "LAST DUE", "WHAT");

  private ReplaysCommand() {}

  /** Lists them. */
  @Command(
      name = "list",
      description = {
        "Lists the last hundred replays, newest first.",
        "All of them where nodes share the log, otherwise those since the server started."
      })
  static final class ListThem extends ServerQuestion {
    @Override
    JsonObject ask(ServerAccess server) {
      return server.replays();
    }

    @Override
    void print(JsonObject answer, PrintWriter out) {
      JsonArray replays = answer.getJsonArray("replays");
      if (replays.isEmpty()) {
        out.println("No replays are remembered.");
      } else {
        Terminal.table(HEADINGS, replays, ReplaysCommand::row).forEach(out::println);
      }
    }
  }

  /** Ends one. */
  @Command(
      name = "cancel",
      description = {
        "Ends a replay, and takes back what has not started to run.",
        "What was a dead letter is one again."
      })
  static final class Cancel implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions settings;

    @Parameters(paramLabel = "ID", description = "The replay's ID, as shown by replay list.")
    private String id = "";

    @Override
    public Integer call() {
      ServerAccess server = OpenLog.server(settings);
      String state = server.progress(id).getString("state");
      String cancelled = Terminal.plain(server.cancel(id).getString("id"));
      spec.commandLine()
          .getOut()
          .println(
              (state.equals("running")
                      ? "Replay %s is cancelled; caravan replay list says what of it was taken back."
                      : "Replay %s had scheduled all it could (%s). What of it has not begun to run is"
                          + " taken back; caravan replay list says how much.")
                  .formatted(cancelled, Terminal.plain(state)));
      return ExitCode.OK;
    }
  }

  private static List<String> row(JsonObject replay) {
    String to =
        replay.getJsonObject("scheduled").stream()
            .filter(each -> !each.getValue().toString().equals("0"))
            .map(each -> Terminal.plain(each.getKey()) + " " + each.getValue())
            .collect(Collectors.joining(", "));
    String lastDueAt = replay.getString("lastDueAt");
    return List.of(
        Terminal.plain(replay.getString("id")),
        DeliveryTable.time(replay.getString("startedAt")),
        replay.getString("state") + (replay.getBoolean("dryRun") ? " (dry run)" : ""),
        replay.getLong("matched").toString(),
        to.isEmpty() ? "none" : to,
        replay.getLong("takenBack").toString(),
        lastDueAt == null ? "-" : DeliveryTable.time(lastDueAt),
        Terminal.plain(replay.getString("what")));
  }
}
