package dev.caravan.github.recovery;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.api.Waiting;
import dev.caravan.github.hooks.FindHooks;
import dev.caravan.github.hooks.HookAddress;
import dev.caravan.github.hooks.HookOwners;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.wording.Count;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers in the running program, on a thread of its own. Looks back to the last time when nothing
 * was missing, three days at most.
 */
public final class BackgroundRecovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.github");

  /** GitHub lists a throttled delivery with the time when it was sent. */
  private static final Duration OVERLAP = Duration.ofHours(1);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
  private static final Duration AGAIN_AT_LATEST = Duration.ofHours(1);
  private static final int MOST_NAMED = 5;

  private final Settings settings;
  private final Map<String, String> environment;
  private final ReceivingSide side;
  private final Path place;
  private final RateLimits limits;
  private final RecoveryFindings findings;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "github-recovery");
            made.setDaemon(true);
            return made;
          });

  /** Whether a failure at the start is made up for, since no timer does that. */
  private final boolean isTriedAgain;

  private String lastTrouble = "";

  /** Doubles each time: what is missing may never be there, such as the hook of an owner. */
  private Duration again;

  /**
   * Begins.
   *
   * @param place the file that keeps its progress
   * @param limits records how much GitHub may still be asked
   * @param findings records what is found
   */
  public BackgroundRecovery(
      Settings settings,
      Map<String, String> environment,
      ReceivingSide side,
      Path place,
      RateLimits limits,
      RecoveryFindings findings,
      RecoverySchedule schedule) {
    this(settings, environment, side, place, limits, findings, schedule, AGAIN_AFTER);
  }

  BackgroundRecovery(
      Settings settings,
      Map<String, String> environment,
      ReceivingSide side,
      Path place,
      RateLimits limits,
      RecoveryFindings findings,
      RecoverySchedule schedule,
      Duration againAfter) {
    this.settings = settings;
    this.environment = environment;
    this.side = side;
    this.place = place;
    this.limits = limits;
    this.findings = findings;
    Duration every = schedule.every();
    this.isTriedAgain = every == null;
    this.again = againAfter;
    if (schedule.atStart()) {
      thread.execute(this::recover);
    }
    if (every != null) {
      ScheduledFuture<?> unused =
          thread.scheduleWithFixedDelay(
              this::recover, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    AskingThread.end(thread);
  }

  private void recover() {
    Instant now = Instant.now();
    try {
      Optional<RecoveryPlace> own = RecoveryPlace.open(place, now);
      if (own.isEmpty()) {
        return; // somebody is recovering by hand
      }
      try (RecoveryPlace mine = own.get()) {
        recover(mine, now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (GitHubException | InvalidSettingException | LogUnavailableException e) {
      if (!thread.isShutdown()) { // else the stop has interrupted it
        complain(String.valueOf(e.getMessage()));
        tryAgain();
      }
    } catch (RuntimeException | Error e) { // an exception would end the schedule
      LOG.error("What is missing could not be recovered from GitHub; trying again.", e);
      tryAgain();
    }
  }

  private void tryAgain() {
    if (isTriedAgain && !thread.isShutdown()) {
      ScheduledFuture<?> unused =
          thread.schedule((Runnable) this::recover, again.toMillis(), TimeUnit.MILLISECONDS);
      Duration doubled = again.multipliedBy(2);
      again = doubled.compareTo(AGAIN_AT_LATEST) < 0 ? doubled : AGAIN_AT_LATEST;
    }
  }

  private void recover(RecoveryPlace mine, Instant now) throws InterruptedException {
    GitHubApi api =
        GitHubApi.from(
            settings,
            environment,
            path -> path,
            Waiting.REAL,
            sentence -> LOG.debug("{}", sentence),
            limits);
    List<GitHubException> missed = new ArrayList<>();
    List<Hook> hooks =
        new FindHooks(api, HookAddress.atGitHub(settings), settings.text("caravan.path"))
            .of(HookOwners.named(HookOwners.from(settings), api), missed::add);
    // Other routes may want what these do not.
    String routes = Integer.toHexString(side.wanted().toString().hashCode());
    RecoveryReport report =
        new Recovery(api, side, mine, Waiting.REAL, sentence -> LOG.debug("{}", sentence))
            .run(
                hooks,
                hook -> since(mine.complete(hook, routes), now),
                RecoveryRequest.byItself(PATIENCE));
    if (report.missing().isEmpty()) {
      hooks.forEach(hook -> mine.complete(hook, routes, now));
    }
    findings.add(report, side, now);
    say(report);
    if (missed.isEmpty()) {
      lastTrouble = "";
    } else {
      complain(missed.stream().map(Throwable::getMessage).collect(Collectors.joining(" ")));
      tryAgain();
    }
  }

  private static Instant since(@Nullable Instant complete, Instant now) {
    Instant oldest = now.minus(Recovery.KEPT_BY_GITHUB);
    Instant since = complete == null ? oldest : complete.minus(OVERLAP);
    return since.isBefore(oldest) ? oldest : since;
  }

  private static void say(RecoveryReport report) {
    if (!report.missing().isEmpty()) {
      LOG.warn(
          "GitHub has {} that never arrived here: {}{}. For all of them: caravan github recover.",
          Count.of(report.missing().size(), "delivery"),
          String.join(
              "; ",
              report.missing().stream()
                  .limit(MOST_NAMED)
                  .map(each -> each.guid() + " (" + each.reason() + ")")
                  .toList()),
          report.missing().size() > MOST_NAMED ? "; …" : "");
    }
    if (report.asked() > 0) {
      LOG.info(
          "Of {} that GitHub has: {} here already, {} not wanted, {} asked for, {} arrived.",
          Count.of(report.seen(), "delivery"),
          report.here(),
          report.notWanted(),
          report.asked(),
          report.arrived());
    }
  }

  private void complain(String sentence) {
    if (!sentence.equals(lastTrouble)) {
      lastTrouble = sentence;
      LOG.warn("What is missing cannot be recovered from GitHub: {}", sentence);
    }
  }
}
