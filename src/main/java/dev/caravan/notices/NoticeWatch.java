package dev.caravan.notices;

import dev.caravan.hooks.HookActivity;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.logging.OccasionalWarning;
import dev.caravan.notices.Notice.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for news once a second, as long as anybody listens, and reports it: once when it begins and
 * once when it is over; of many of a kind, the first ones and then sums. On a thread of its own, so
 * that nothing waits for it.
 */
public final class NoticeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.notices");
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration SUM_EVERY = Duration.ofMinutes(1);

  /** Whatever needs to read files is checked less often. */
  private static final int LOOKS_BETWEEN_READS = 10;

  /**
   * How long most attempts must have failed: what a restart of the destination fixes is not news.
   */
  private static final double FAILING_AFTER_SECONDS = 300;

  private final NoticeSources sources;
  private final Notices notices;
  private final InstantSource clock;
  private final DeadLetterNotices deadLetters;
  private final OccasionalWarning failures =
      new OccasionalWarning(
          LOG,
          Duration.ofHours(1),
          "What happens cannot be told to the routes from caravan-events: for now; the next look is in a second.");
  private final OnAndOff<String> troubles = new OnAndOff<>();
  private final OnAndOff<Long> silent = new OnAndOff<>();
  private final OnAndOff<Double> failing = new OnAndOff<>();
  private final OnAndOff<String> files = new OnAndOff<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "notices");
            made.setDaemon(true);
            return made;
          });
  private long turnedAway;
  private Instant turnedAwaySaid = Instant.EPOCH;
  private long looks;

  /** Tells what it finds there. */
  public NoticeWatch(NoticeSources sources, Notices notices, InstantSource clock) {
    this.sources = sources;
    this.notices = notices;
    this.clock = clock;
    this.deadLetters = new DeadLetterNotices(sources, notices, SUM_EVERY);
  }

  /** Begins to look. */
  public void start() {
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(
            this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** Looks once. */
  void look() {
    try {
      if (!notices.areHeard()) {
        deadLetters.skip();
        turnedAway = sources.turnedAway().getAsLong();
        return;
      }
      Instant now = clock.instant();
      lookAtTrouble(now);
      lookAtTurnedAway(now);
      lookAtFiles(now);
      deadLetters.look(now);
      if (looks++ % LOOKS_BETWEEN_READS == 0) {
        lookAtHooks(now);
        lookAtSubscriptions(now); // last: it reads the log, which may be in trouble
      }
    } catch (RuntimeException | Error e) { // or nobody would look again
      if (e instanceof LogUnavailableException || thread.isShutdown()) {
        LOG.debug("A look for notices failed", e); // the log reports its own trouble
      } else {
        failures.error(e);
      }
    }
  }

  private void lookAtTrouble(Instant now) {
    String trouble = sources.trouble().get();
    troubles.look(
        trouble.isEmpty() ? Map.of() : Map.of("", trouble),
        (name, why) ->
            tell(
                NoticeKind.TROUBLE,
                State.BEGAN,
                now,
                "Caravan cannot accept deliveries: " + why + ".",
                Map.of("error", why)),
        name ->
            tell(
                NoticeKind.TROUBLE,
                State.OVER,
                now,
                "Caravan accepts deliveries again.",
                Map.of()));
  }

  private void lookAtTurnedAway(Instant now) {
    long count = sources.turnedAway().getAsLong() - turnedAway;
    if (count > 0 && DeadLetterNotices.isOver(turnedAwaySaid, SUM_EVERY, now)) {
      turnedAway += count;
      turnedAwaySaid = now;
      tell(
          NoticeKind.TURNED_AWAY,
          State.HAPPENED,
          now,
          "%s turned away. GitHub does not send again by itself: caravan github recover gets them back."
              .formatted(count == 1 ? "A delivery was" : count + " deliveries were"),
          Map.of("count", count));
    }
  }

  private void lookAtHooks(Instant now) {
    Map<String, Long> owners = new HashMap<>();
    for (HookActivity.Owner owner : sources.hooks().owners()) {
      if (owner.silent() > 0) {
        owners.put(owner.name(), owner.silent());
      }
    }
    silent.look(
        owners,
        (owner, count) ->
            tell(
                NoticeKind.SILENT_HOOKS,
                State.BEGAN,
                now,
                "%s of %s sent nothing for much longer than usual."
                    .formatted(
                        count == 1 ? "A hook" : count + " hooks",
                        owner + (count == 1 ? " has" : " have")),
                Map.of("owner", owner, "count", count)),
        owner ->
            tell(
                NoticeKind.SILENT_HOOKS,
                State.OVER,
                now,
                "No hook of " + owner + " is silent any more.",
                Map.of("owner", owner)));
  }

  private void lookAtFiles(Instant now) {
    files.look(
        sources.brokenFiles().get(),
        (file, why) ->
            tell(
                NoticeKind.ROUTE_FILE,
                State.BEGAN,
                now,
                "Route file %s cannot run as it is: %s".formatted(file, why),
                Map.of("file", file, "error", why)),
        file ->
            tell(
                NoticeKind.ROUTE_FILE,
                State.OVER,
                now,
                "Route file " + file + " is no longer broken.",
                Map.of("file", file)));
  }

  private void lookAtSubscriptions(Instant now) {
    Map<String, Double> failingNow = new HashMap<>();
    for (SubscriptionFigures each : sources.figures().subscriptions()) {
      if (each.failingSeconds() > FAILING_AFTER_SECONDS) {
        failingNow.put(each.name(), each.failingSeconds());
      }
    }
    failing.look(
        failingNow,
        (name, seconds) ->
            tell(
                NoticeKind.FAILING,
                State.BEGAN,
                now,
                "\"%s\" has been failing for %d minutes.".formatted(name, Math.round(seconds / 60)),
                Map.of("subscription", name)),
        name ->
            tell(
                NoticeKind.FAILING,
                State.OVER,
                now,
                "\"%s\" works again.".formatted(name),
                Map.of("subscription", name)));
  }

  private void tell(
      NoticeKind kind, State state, Instant at, String text, Map<String, Object> details) {
    notices.tell(new Notice(kind, state, at, text, details));
  }
}
