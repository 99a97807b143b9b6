package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.Waiting;
import dev.caravan.github.recovery.Recovery;
import dev.caravan.github.recovery.RecoveryPlace;
import dev.caravan.github.recovery.RecoveryReport;
import dev.caravan.github.recovery.RecoveryRequest;
import dev.caravan.github.recovery.StillMissing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gets back from GitHub what never arrived, and proves that it has. */
@Command(
    name = "recover",
    description = {
      "Compares what GitHub tried to deliver with what has arrived, asks it to send again what is missing"
          + " and wanted by a route, and reports the result.",
      "Works through the running server, since that is where deliveries arrive. Exits with 0 when nothing is"
          + " missing, with 1 when something still is. Safe to repeat: it continues where it left off."
    })
final class RecoverCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 50;

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;
  @Mixin private GitHubOptions gitHub;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "72h",
      description =
          "How far to look back. GitHub keeps 3 days, an Enterprise Server 7. Default: 72h.")
  private String since = "";

  @Option(names = "--dry-run", description = "Show what is missing, and ask for nothing.")
  private boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "1m",
      description = "How long to wait while nothing arrives. Default: 1m.")
  private String patience = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Settings inForce = settings.read();
    GitHubApi api = gitHub.api(inForce, settings);
    Instant start = Instant.now().minus(time("--since", since));
    RecoveryRequest request = RecoveryRequest.byHand(time("--wait", patience));
    Path place = settings.resolve(inForce.text("caravan.data")).resolve("github-recover");
    PrintWriter err = spec.commandLine().getErr();
    try (ServerAccess server = OpenLog.server(settings);
        @Nullable RecoveryPlace own = dryRun ? null : open(place)) {
      RunningServer here = new RunningServer(server);
      sayWhatIsNotWanted(here, err);
      List<GitHubException> missed = new ArrayList<>();
      List<Hook> hooks =
          gitHub.hooks(inForce, api).of(gitHub.someOwners(inForce, settings, api), missed::add);
      missed.forEach(each -> err.println(Terminal.plain(each.getMessage())));
      RecoveryReport report =
          new Recovery(api, here, own, Waiting.REAL, err::println)
              .run(hooks, hook -> start, request);
      print(report, hooks, start);
      return report.missing().isEmpty() && missed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  /** Warns when the result means less, because routes are missing or broken. */
  private static void sayWhatIsNotWanted(RunningServer here, PrintWriter err) {
    if (here.wanted().isEmpty()) {
      err.println("No route runs, so nothing is wanted.");
    }
    here.broken().forEach(file -> err.println(Terminal.plain(Recovery.unknown(file))));
  }

  private static Duration time(String option, String text) {
    return new Settings(Map.of(option, text)).duration(option);
  }

  private static RecoveryPlace open(Path place) {
    try {
      return RecoveryPlace.open(place, Instant.now())
          .orElseThrow(() -> new CommandFailedException(RecoveryPlace.TAKEN));
    } catch (UncheckedIOException e) {
      throw new CommandFailedException(
          "%s cannot be written (%s). Run this as the user that the server runs as."
              .formatted(place, e.getCause().getClass().getSimpleName()));
    }
  }

  private void print(RecoveryReport report, List<Hook> hooks, Instant start) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(report).encodePrettily());
      return;
    }
    out.println(
        "%s, since %s:"
            .formatted(
                String.join(", ", hooks.stream().map(Hook::label).toList()),
                DeliveryTable.time(start.toString())));
    Terminal.table(
            List.of(
                List.of("seen by GitHub", String.valueOf(report.seen())),
                List.of("here already", String.valueOf(report.here())),
                List.of("not wanted by a route", String.valueOf(report.notWanted())),
                List.of("asked for", String.valueOf(report.asked())),
                List.of("arrived", String.valueOf(report.arrived())),
                List.of("missing", String.valueOf(report.missing().size()))))
        .forEach(line -> out.println("  " + line));
    report.missing().stream().limit(MOST_SHOWN).map(RecoverCommand::line).forEach(out::println);
    if (report.missing().size() > MOST_SHOWN) {
      out.println("… and %d more; --json has all.".formatted(report.missing().size() - MOST_SHOWN));
    }
  }

  private static String line(StillMissing missing) {
    return Terminal.plain(
        "%s  %s  %s%s: %s"
            .formatted(
                DeliveryTable.time(missing.deliveredAt().toString()),
                missing.guid(),
                missing.event(),
                missing.action() == null ? "" : "." + missing.action(),
                missing.reason()));
  }

  private static JsonObject json(RecoveryReport report) {
    JsonArray missing = new JsonArray();
    report
        .missing()
        .forEach(
            each ->
                missing.add(
                    new JsonObject()
                        .put("guid", each.guid())
                        .put("event", each.event())
                        .put("action", each.action())
                        .put("deliveredAt", each.deliveredAt().toString())
                        .put("reason", each.reason())));
    return new JsonObject()
        .put("seen", report.seen())
        .put("here", report.here())
        .put("notWanted", report.notWanted())
        .put("asked", report.asked())
        .put("arrived", report.arrived())
        .put("missing", report.missing().size())
        .put("missingDeliveries", missing);
  }
}
