package dev.caravan.github;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.HookReport.State;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.Waiting;
import dev.caravan.github.checkup.Checkup;
import dev.caravan.github.checkup.ClockCheckup;
import dev.caravan.github.checkup.DeliveryCheckup;
import dev.caravan.github.checkup.HookCheckup;
import dev.caravan.github.hooks.FindHooks;
import dev.caravan.github.hooks.HookAddress;
import dev.caravan.github.hooks.HookEvents;
import dev.caravan.github.hooks.HookOwners;
import dev.caravan.github.hooks.HookPlan;
import dev.caravan.github.hooks.Registration;
import dev.caravan.github.recovery.Recovery;
import dev.caravan.github.recovery.RecoveryPlace;
import dev.caravan.github.recovery.RecoveryReport;
import dev.caravan.github.recovery.RecoveryRequest;
import dev.caravan.log.subscription.EventFilter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the running program can ask and do about the chosen hooks. */
final class HookTask {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ThisProgram program;
  private final ChosenHooks chosen;
  private final Waiting waiting;
  private final Consumer<String> told;
  private final Settings settings;
  private final GitHubApi api;

  /**
   * @param told gets sentences about the progress
   * @throws InvalidSettingException for a setting that cannot be used
   */
  HookTask(ThisProgram program, ChosenHooks chosen, Waiting waiting, Consumer<String> told) {
    this.program = program;
    this.chosen = chosen;
    this.waiting = waiting;
    this.told = told;
    this.settings = program.settings().get();
    this.api =
        GitHubApi.from(
            settings, program.environment(), path -> path, waiting, told, program.limits());
  }

  /** Runs a task; a failure becomes a report. */
  static HookReport report(String title, Callable<HookReport> task) throws Exception {
    try {
      return task.call();
    } catch (GitHubException | InvalidSettingException | IllegalArgumentException e) {
      return HookReport.failed(title, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      return HookReport.failed(title, "A file cannot be used: " + e.getCause().getMessage() + ".");
    }
  }

  HookReport look(String title) {
    List<String> names = chosen.list();
    String url = url();
    Checkup checkup = new Checkup();
    Instant now = ClockCheckup.look(api, waiting, checkup);
    new HookCheckup(
            api,
            find(url),
            program.side().wanted(),
            program.side().broken(),
            new DeliveryCheckup(api, now))
        .look(HookOwners.named(names, api), checkup);
    return HookReport.of(title, checkup);
  }

  HookReport missing(String title) throws InterruptedException {
    return recover(title, null);
  }

  HookReport recover(String title) throws InterruptedException {
    Optional<RecoveryPlace> own = RecoveryPlace.open(program.place(), waiting.now());
    if (own.isEmpty()) {
      return HookReport.failed(title, RecoveryPlace.TAKEN);
    }
    try (RecoveryPlace mine = own.get()) {
      return recover(title, mine);
    }
  }

  /** What would be changed. */
  HookReport difference(String title) {
    return forEach(
        title,
        (registration, plan) -> {
          List<String> found = plan.differences();
          if (!found.isEmpty()) {
            String unused =
                program.secret().apply(plan.owner()); // refused without one, as a change is
          }
          return new HookReport.Line(
              plan.owner().toString(),
              plan.words(found),
              found.isEmpty() ? State.IN_LINE : State.DIFFERS);
        });
  }

  /** Changes it. */
  HookReport register(String title) {
    return forEach(
        title,
        (registration, plan) -> {
          List<String> found = plan.differences();
          if (!found.isEmpty()) {
            registration.apply(plan, program.secret().apply(plan.owner()));
          }
          return new HookReport.Line(plan.owner().toString(), plan.done(found), State.IN_LINE);
        });
  }

  private interface Step {
    HookReport.Line take(Registration registration, HookPlan plan);
  }

  private HookReport forEach(String title, Step step) {
    List<String> names = chosen.list();
    String url = url();
    if (url.isEmpty()) {
      return HookReport.failed(title, "Which address? Write it, or set caravan.github.url.");
    }
    String unknown = HookEvents.unknown(program.side().broken());
    if (unknown != null) {
      return HookReport.failed(title, unknown + ".");
    }
    List<EventFilter> wanted = program.side().wanted();
    Registration registration = new Registration(api, url);
    List<HookReport.Line> lines = new ArrayList<>();
    for (HookOwner owner : HookOwners.named(names, api)) {
      lines.add(line(owner, HookEvents.neededBy(wanted, owner), registration, step));
      told.accept("%d done, the last was %s.".formatted(lines.size(), owner));
    }
    return HookReport.of(title, lines);
  }

  /** The line of one owner: a failure does not hold up the others. */
  private static HookReport.Line line(
      HookOwner owner, List<String> needed, Registration registration, Step step) {
    if (needed.isEmpty()) {
      return new HookReport.Line(owner.toString(), HookPlan.NOTHING_WANTED, State.IN_LINE);
    }
    try {
      return step.take(registration, registration.plan(owner, needed));
    } catch (GitHubException | InvalidSettingException e) {
      return new HookReport.Line(owner.toString(), String.valueOf(e.getMessage()), State.FAILED);
    }
  }

  private HookReport recover(String title, @Nullable RecoveryPlace place)
      throws InterruptedException {
    List<String> names = chosen.list();
    Instant start = waiting.now().minus(Recovery.KEPT_BY_GITHUB).truncatedTo(ChronoUnit.SECONDS);
    List<String> notes = new ArrayList<>();
    List<Hook> hooks =
        find(url())
            .of(
                HookOwners.named(names, api),
                missed -> notes.add(String.valueOf(missed.getMessage())));
    RecoveryReport proof =
        new Recovery(api, program.side(), place, waiting, told)
            .run(hooks, hook -> start, RecoveryRequest.byHand(PATIENCE));
    hooks.forEach(hook -> notes.add("%s, since %s".formatted(hook.label(), start)));
    if (program.side().wanted().isEmpty()) {
      notes.add("No route runs, so nothing is wanted.");
    }
    program.side().broken().forEach(file -> notes.add(Recovery.unknown(file)));
    return HookReport.of(title, notes, proof);
  }

  private FindHooks find(String url) {
    return new FindHooks(api, url, settings.text("caravan.path"));
  }

  private String url() {
    return chosen.url().isBlank()
        ? ""
        : HookAddress.of(chosen.url().strip(), settings.text("caravan.path"));
  }
}
