package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.Waiting;
import dev.caravan.github.hooks.AwaitPing;
import dev.caravan.github.hooks.HookEvents;
import dev.caravan.github.hooks.HookPlan;
import dev.caravan.github.hooks.Registration;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.secrets.ConfiguredSecrets;
import dev.caravan.server.HookSecret;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Creates hooks at GitHub, and brings existing ones into line with settings and routes. */
@Command(
    name = "register",
    description = {
      "Creates the hook with this server's address, or brings it into line: JSON, our secret, verified TLS, active, and"
          + " exactly the events that the running server's routes want.",
      "Never creates a second one, and doing it again changes nothing: if it was interrupted, just run it again. With --dry-run and --check: exits with 1 when there is something to do."
    })
final class RegisterCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;
  @Mixin private GitHubOptions gitHub;

  @Option(
      names = "--events",
      split = ",",
      paramLabel = "EVENT",
      description = "The events, separated by commas; * for all. Default: those the routes want.")
  private List<String> events = List.of();

  @Option(names = "--dry-run", description = "Show what would change, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--check",
      description = "Show which hooks lose deliveries: missing, inactive, or lacking an event.")
  private boolean check;

  @Option(names = "--delete", description = "Delete the hooks with this server's address.")
  private boolean delete;

  @Option(
      names = "--own-secret",
      description =
          "Create a secret for each owner of hooks that has none of its own, in the data directory and the settings file.")
  private boolean ownSecret;

  @Option(names = "--wait", description = "Wait for GitHub's ping and show it; not for an App.")
  private boolean wait;

  private int failures;

  @Override
  public Integer call() throws InterruptedException {
    if ((delete ? 1 : 0) + (check ? 1 : 0) + (dryRun ? 1 : 0) > 1) {
      throw wrong("Choose one of --dry-run, --check and --delete.");
    }
    Settings inForce = settings.read();
    String url = gitHub.url(inForce);
    if (url.isEmpty()) {
      throw wrong("Which address? Write --url https://…, or set caravan.github.url.");
    }
    GitHubApi api = gitHub.api(inForce, settings);
    List<HookOwner> owners = gitHub.someOwners(inForce, settings, api);
    List<EventFilter> wanted = delete ? List.of() : wanted();
    Registration registration = new Registration(api, url);
    PrintWriter out = spec.commandLine().getOut();
    for (int index = 0; index < owners.size(); index++) {
      HookOwner owner = owners.get(index);
      String place = owners.size() == 1 ? "" : "[%d/%d] ".formatted(index + 1, owners.size());
      try {
        String done =
            delete ? delete(registration, owner) : register(registration, owner, wanted, api);
        out.println(Terminal.plain(place + owner + ": " + done));
      } catch (GitHubException | InvalidSettingException e) {
        if (owners.size() == 1) {
          throw e;
        }
        failures++; // the others can be done nevertheless
        spec.commandLine().getErr().println(Terminal.plain(place + owner + ": " + e.getMessage()));
      }
      out.flush();
    }
    return failures == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<EventFilter> wanted() {
    if (!events.isEmpty()) {
      try {
        return List.of(EventFilter.parse(String.join(",", events), null));
      } catch (IllegalArgumentException e) {
        throw wrong("--events: " + e.getMessage());
      }
    }
    List<EventFilter> wanted;
    String unknown;
    try (ServerAccess server = OpenLog.server(settings)) {
      RunningServer here = new RunningServer(server);
      wanted = here.wanted();
      unknown = HookEvents.unknown(here.broken());
    } catch (CommandFailedException e) {
      throw new CommandFailedException(
          e.getMessage()
              + " The running server knows which events its routes want; without it, say them with --events.");
    }
    if (unknown != null) {
      throw new CommandFailedException(unknown + ", or say the events with --events.");
    }
    return wanted;
  }

  private String delete(Registration registration, HookOwner owner) {
    int deleted = registration.delete(owner).size();
    return deleted == 0 ? "has no such hook" : deleted == 1 ? "deleted" : deleted + " deleted";
  }

  private String register(
      Registration registration, HookOwner owner, List<EventFilter> wanted, GitHubApi api)
      throws InterruptedException {
    List<String> needed = HookEvents.neededBy(wanted, owner);
    if (needed.isEmpty()) {
      return HookPlan.NOTHING_WANTED;
    }
    HookPlan plan = registration.plan(owner, needed);
    List<String> found = check ? plan.losses() : plan.differences();
    if (check || dryRun) {
      found = withSecret(found, owner);
      failures += found.isEmpty() ? 0 : 1;
      return plan.words(found);
    }
    if (ownSecret && new OwnSecret(settings).isToBeGiven(owner)) {
      found = List.of("a secret of its own"); // whatever it had, it is not that one
    }
    Hook hook = plan.hook();
    AwaitPing ping = new AwaitPing(api, Waiting.REAL);
    boolean canPing = wait && owner.kind() != HookOwner.Kind.APP; // GitHub has no such call
    HookDelivery before = canPing && hook != null ? ping.newest(hook) : null;
    if (!found.isEmpty()) {
      hook = registration.apply(plan, settings.secret(settings.read(), owner).text());
    }
    return plan.done(found)
        + (canPing && hook != null
            ? arrived(ping.after(hook, before, plan.hook() == null, PATIENCE))
            : "");
  }

  /**
   * What was found, and that there is no secret to sign with: without one all would be refused. A
   * check may run where secrets cannot be read, in CI for instance; that is no loss.
   */
  private List<String> withSecret(List<String> found, HookOwner owner) {
    boolean isMade = ownSecret && owner.kind() != HookOwner.Kind.APP;
    Settings inForce = settings.read();
    if (isMade
        || (dryRun && found.isEmpty())
        || (check && !ConfiguredSecrets.areReadable(inForce))) {
      return found;
    }
    try {
      HookSecret.configured(owner, inForce);
      return found;
    } catch (InvalidSettingException e) {
      return Stream.concat(found.stream(), Stream.of("first a secret: " + e.getMessage())).toList();
    }
  }

  private String arrived(@Nullable HookDelivery ping) {
    if (ping == null) {
      failures++;
      return "; no ping within " + PATIENCE.toSeconds() + " s";
    }
    if (ping.succeeded()) {
      return "; GitHub's ping arrived as delivery " + ping.guid();
    }
    failures++;
    return "; GitHub's ping did not arrive: "
        + (ping.statusCode() == 0 ? Terminal.plain(ping.status()) : ping.statusCode())
        + (ping.statusCode() == 403 ? ", so the secret differs" : "");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
