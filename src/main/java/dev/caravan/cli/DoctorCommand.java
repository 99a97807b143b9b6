package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.ProgramName;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.Waiting;
import dev.caravan.github.checkup.AddressCheckup;
import dev.caravan.github.checkup.Checkup;
import dev.caravan.github.checkup.ClockCheckup;
import dev.caravan.github.checkup.DeliveryCheckup;
import dev.caravan.github.checkup.HookCheckup;
import dev.caravan.github.checkup.LocalCheckup;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.management.RefusedException;
import dev.caravan.server.DryRun;
import dev.caravan.wording.Count;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds what is wrong between GitHub and this server, and says what to do about it. */
@Command(
    name = "doctor",
    description = {
      "Checks this machine, the hook's address and the hooks at GitHub, and says what is wrong"
          + " and what to do about it. Changes nothing.",
      "Without credentials it checks this side only. Exits with 1 when something is wrong."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;
  @Mixin private GitHubOptions gitHub;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Checkup checkup = new Checkup();

  @Override
  public Integer call() throws InterruptedException {
    System.setProperty("caravan.log.target", "SYSTEM_ERR");
    Configurator.setLevel("dev.caravan.routes", Level.OFF); // what it says is printed here
    Settings inForce = settings.read();
    GitHubApi api = gitHub.api(inForce, settings);
    lookAtSettings(inForce);
    new LocalCheckup(inForce, path -> settings.resolve(path.toString()), Instant.now())
        .look(checkup);
    try (@Nullable ServerAccess server = server()) {
      lookAtAddress(gitHub.url(inForce), server);
      lookAtSecrets(server);
      Routes routes = lookAtLog(server);
      Instant now = ClockCheckup.look(api, Waiting.REAL, checkup);
      lookAtHooks(inForce, api, routes, now);
    }
    print(spec.commandLine().getOut());
    return checkup.findings().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void lookAtSettings(Settings inForce) {
    DryRun dryRun = DryRun.of(inForce, settings.resolve(inForce.text("caravan.routes")));
    dryRun
        .settingProblems()
        .forEach(problem -> checkup.found("the settings", problem, ProgramName.with("check")));
    long broken = dryRun.routeFindings().stream().filter(finding -> !finding.isWarning()).count();
    if (broken > 0) {
      checkup.found("the routes", "have " + Count.of(broken, "problem"), ProgramName.with("check"));
    } else if (dryRun.settingProblems().isEmpty()) {
      checkup.fine("settings and routes can be used");
    }
  }

  private @Nullable ServerAccess server() {
    try {
      ServerAccess server = OpenLog.server(settings);
      checkup.fine("the server runs and takes our token");
      return server;
    } catch (CommandFailedException e) {
      checkup.found("the server", "cannot be asked: " + e.getMessage(), ProgramName.with("run"));
      return null;
    }
  }

  private void lookAtAddress(String url, @Nullable ServerAccess server)
      throws InterruptedException {
    if (url.isEmpty()) {
      return;
    }
    Instant start = Instant.now();
    AddressCheckup address = new AddressCheckup(url);
    if (!address.look(checkup) || server == null) {
      return;
    }
    // The server explains a refusal a moment later.
    Instant until = start.plus(PATIENCE);
    while (Instant.now().isBefore(until)) {
      for (Object each : server.refused().getJsonArray("newest")) {
        JsonObject refused = (JsonObject) each;
        String delivery = refused.getString("delivery");
        boolean isNew = !Instant.parse(refused.getString("receivedAt")).isBefore(start);
        if (address.guid().equals(delivery) || (delivery == null && isNew)) {
          AddressCheckup.judgeHeaders(
              url, delivery, refused.getString("event"), refused.getString("reason"), checkup);
          return;
        }
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
    checkup.found(
        url,
        "is answered by a Caravan, but not by the server that was asked here",
        "Look which server the address leads to, or ask that one.");
  }

  private void lookAtSecrets(@Nullable ServerAccess server) {
    if (server != null) {
      SecretsCommand.unused(server.secrets().getJsonArray("secrets"), Instant.now())
          .forEach(sentence -> checkup.found("the secrets", sentence, ProgramName.with("secrets")));
    }
  }

  /** What the server's routes want, and the files of which that is not known. */
  private record Routes(List<EventFilter> wanted, List<String> broken) {
    static final Routes UNKNOWN = new Routes(List.of(), List.of());
  }

  /** Reports on the log and its nodes; returns what routes want, as far as it can be asked. */
  private Routes lookAtLog(@Nullable ServerAccess server) {
    if (server == null) {
      return Routes.UNKNOWN;
    }
    try {
      for (Object each : server.nodes().getJsonArray("nodes")) {
        JsonObject node = (JsonObject) each;
        String state = NodesCommand.state(node);
        if (!state.equals(NodesCommand.READY)) {
          checkup.found("node " + node.getString("name"), state, ProgramName.with("nodes"));
        }
      }
      RunningServer running = new RunningServer(server);
      return new Routes(running.wanted(), running.broken());
    } catch (CommandFailedException | RefusedException e) {
      checkup.found("the log", "cannot be asked: " + e.getMessage(), "Mend that first.");
      return Routes.UNKNOWN;
    }
  }

  private void lookAtHooks(Settings inForce, GitHubApi api, Routes routes, Instant now) {
    if (!api.hasCredentials()) {
      checkup.fine("the hooks at GitHub are not looked at: that needs a token (docs/github.md)");
      return;
    }
    HookCheckup hooks =
        new HookCheckup(
            api,
            gitHub.hooks(inForce, api),
            routes.wanted(),
            routes.broken(),
            new DeliveryCheckup(api, now));
    try {
      List<HookOwner> owners = gitHub.owners(inForce, settings, api);
      if (owners.isEmpty()) {
        checkup.fine(
            "no hooks at GitHub are looked at: name their owners with --repo, --org or --app");
      }
      hooks.look(owners, checkup);
    } catch (GitHubException | InvalidSettingException e) {
      checkup.found("GitHub", String.valueOf(e.getMessage()), "Mend that first.");
    }
  }

  private void print(PrintWriter out) {
    if (json) {
      JsonArray findings = new JsonArray();
      checkup
          .findings()
          .forEach(
              each ->
                  findings.add(
                      new JsonObject()
                          .put("about", each.about())
                          .put("problem", each.problem())
                          .put("remedy", each.remedy())));
      out.println(
          new JsonObject()
              .put("findings", findings)
              .put("fine", new JsonArray(checkup.fine()))
              .encodePrettily());
      return;
    }
    checkup.fine().forEach(sentence -> out.println(Terminal.plain("fine: " + sentence)));
    for (Checkup.Finding each : checkup.findings()) {
      out.println(Terminal.plain("%s: %s".formatted(each.about(), each.problem())));
      out.println(Terminal.plain("    → " + each.remedy()));
    }
    int count = checkup.findings().size();
    out.println(count == 0 ? "Nothing is wrong." : Count.of(count, "finding") + ".");
  }
}
