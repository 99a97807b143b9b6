package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows everything about one delivery. */
@Command(
    name = "show",
    description = "Shows a delivery: headers, payload, each attempt and its outcome.")
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;

  @Parameters(
      paramLabel = "GUID",
      description =
          "X-GitHub-Delivery of the delivery; GUID/HOOK-ID for that of one of several hooks.")
  private String guid = "";

  @Option(
      names = "--position",
      paramLabel = "POSITION",
      description = "Which one, when several have the same GUID. Default: the first.")
  private @Nullable String position;

  @Option(names = "--raw", description = "Write the body alone, byte for byte as it arrived.")
  private boolean raw;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
      if (raw) {
        OutputStream bytes = Surroundings.of(spec).bytes();
        bytes.write(log.body(guid, position));
        bytes.flush();
        return ExitCode.OK;
      }
      PrintWriter out = spec.commandLine().getOut();
      List<String> shown = new ArrayList<>();
      for (JsonObject delivery : wanted(log.delivery(guid))) {
        byte[] payload =
            delivery.getBoolean("kept") ? log.payload(guid, delivery.getString("position")) : null;
        shown.add(json ? json(delivery, payload) : DeliveryText.of(delivery, payload));
      }
      out.println(
          json ? "{\"deliveries\":[" + String.join(",", shown) + "]}" : String.join("\n", shown));
      return ExitCode.OK;
    }
  }

  private List<JsonObject> wanted(JsonObject answer) {
    List<JsonObject> found =
        answer.getJsonArray("deliveries").stream()
            .map(JsonObject.class::cast)
            .filter(delivery -> position == null || position.equals(delivery.getString("position")))
            .toList();
    if (found.isEmpty()) {
      throw new CommandFailedException(
          "Delivery %s is not at position '%s'.".formatted(guid, position));
    }
    return found;
  }

  /** Inserts the payload as it is: parsed and written again, it might differ. */
  private static String json(JsonObject delivery, byte @Nullable [] payload) {
    String rest = delivery.encode();
    return rest.substring(0, rest.length() - 1)
        + ",\"payload\":"
        + (payload == null ? "null" : new String(payload, UTF_8))
        + "}";
  }
}
