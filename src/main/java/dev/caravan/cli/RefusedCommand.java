package dev.caravan.cli;

import dev.caravan.wording.Count;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Shows why requests were refused for their signature, and accepts those that were right. */
@Command(
    name = "refused",
    description = "Lists the newest requests refused for their signature, and why.")
final class RefusedCommand extends ServerQuestion {
  private static final List<String> HEADINGS =
      List.of("RECEIVED", "DELIVERY", "EVENT", "BYTES", "REASON");

  @Option(
      names = "--verify",
      description =
          "Verify them again with the current secrets; those that pass become deliveries.")
  private boolean verify;

  @Override
  JsonObject ask(ServerAccess server) {
    return verify ? server.verifyRefused() : server.refused();
  }

  @Override
  void print(JsonObject answer, PrintWriter out) {
    if (verify) {
      out.println(sentence(answer));
    } else {
      printList(answer, out);
    }
  }

  @Override
  int exitCode(JsonObject answer) {
    return verify && answer.getInteger("failed") != 0 ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private static void printList(JsonObject answer, PrintWriter out) {
    JsonArray newest = answer.getJsonArray("newest");
    out.println(
        "%s refused since the server started; %d kept."
            .formatted(Count.of(answer.getLong("count"), "request"), newest.size()));
    if (!newest.isEmpty()) {
      Terminal.table(HEADINGS, newest, RefusedCommand::row).forEach(out::println);
    }
  }

  private static List<String> row(JsonObject request) {
    return List.of(
        DeliveryTable.time(request.getString("receivedAt")),
        Terminal.cell(request.getString("delivery")),
        Terminal.cell(request.getString("event")),
        request.getLong("bytes").toString(),
        Terminal.cell(request.getString("reason")));
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
}
