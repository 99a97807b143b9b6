package dev.caravan.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows why requests were refused for their signature, and takes up those that were right. */
@Command(
    name = "refused",
    description = "Lists the newest requests refused for their signature, and why.")
final class RefusedCommand implements Callable<Integer> {
  private static final List<String> HEADINGS =
      List.of("RECEIVED", "DELIVERY", "EVENT", "BYTES", "REASON");

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;

  @Option(
      names = "--verify",
      description =
          "Verify them again with the current secrets; those that pass become deliveries.")
  private boolean verify;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ServerAccess server = OpenLog.server(settings)) {
      if (verify) {
        JsonObject result = server.verifyRefused();
        out.println(json ? result.encodePrettily() : sentence(result));
        return result.getInteger("failed") == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
      }
      JsonObject answer = server.refused();
      if (json) {
        out.println(answer.encodePrettily());
      } else {
        print(answer, out);
      }
      return ExitCode.OK;
    }
  }

  private static void print(JsonObject answer, PrintWriter out) {
    JsonArray newest = answer.getJsonArray("newest");
    out.println(
        "%d requests refused since the server started; %d are kept."
            .formatted(answer.getLong("count"), newest.size()));
    if (!newest.isEmpty()) {
      Terminal.table(HEADINGS, newest, RefusedCommand::row).forEach(out::println);
    }
  }

  private static List<String> row(JsonObject request) {
    return List.of(
        DeliveryTable.time(request.getString("receivedAt")),
        text(request.getString("delivery")),
        text(request.getString("event")),
        request.getLong("bytes").toString(),
        text(request.getString("reason")));
  }

  private static String sentence(JsonObject result) {
    String failed =
        result.getInteger("failed") == 0
            ? ""
            : " %d pass but could not be written; the server's log says why. Try again then."
                .formatted(result.getInteger("failed"));
    return "%d accepted, and in the delivery log; %d still refused.%s"
        .formatted(result.getInteger("accepted"), result.getInteger("refused"), failed);
  }

  private static String text(@Nullable String text) {
    return text == null ? "-" : Terminal.plain(text);
  }
}
