package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the program (SIGKILL) at random moments under load, and starts it again on its data. */
class CrashTest {
  private static final int LANES = 16;
  private static final int CONCURRENCY = 8;

  /** Invariant 2: what a crash repeats of a subscription, besides what was in work. */
  private static final int UNFLUSHED = 256;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom();
  private final List<Duration> starts = new ArrayList<>();
  private int recoveries;

  @Test
  void whatWasAcceptedReachesEverySubscriptionThroughTwoKills() {
    killAndCheck(2, Duration.ofMillis(1200));
  }

  @Test
  @Tag("long")
  void whatWasAcceptedReachesEverySubscriptionThroughAHundredKills() {
    killAndCheck(100, Duration.ofSeconds(3));
  }

  private void killAndCheck(int kills, Duration longestRun) {
    Site site = new Site(directory);
    Map<String, SignedPush> accepted;
    try (Destination destination = new Destination()) {
      site.route("everything", destination.route("everything", "*", "", 0));
      site.route("pushes", destination.route("pushes", "push", "", 0));
      String retry = "retryDelay: 20ms, retryMaxDelay: 200ms, maxAttempts: 1000";
      site.route("flaky", destination.route("flaky", "*", retry, 20));
      site.route("strict", destination.route("strict", "*", "strict: true, " + retry, 10));
      try (Load load = new Load(LANES)) {
        for (int kill = 0; kill < kills; kill++) {
          boolean isLast = kill == kills - 1; // whose recovery is counted
          boolean whileStarting = !isLast && random.nextInt(5) == 0;
          runAndKill(site, load, destination, whileStarting, longestRun);
        }
        try (CaravanProcess last = startReady(site)) {
          load.sendTo(last.hook());
          int before = load.accepted().size();
          await().until(() -> load.accepted().size() > before + LANES);
          load.end();
          accepted = Map.copyOf(load.accepted());
          assertThat(load.otherAnswers()).isEmpty();
          awaitCompletion(destination, accepted);
          assertThat(last.stop()).isZero();
        }
      }
      report(kills, destination, accepted);
      assertBounds(kills, destination);
    }
    assertThat(missing(site, accepted)).as("accepted and not in the log").isEmpty();
    assertThat(recoveries).isPositive();
  }

  private void runAndKill(
      Site site, Load load, Destination destination, boolean whileStarting, Duration longestRun) {
    try (CaravanProcess process = whileStarting ? site.start() : startReady(site)) {
      if (!whileStarting) {
        load.sendTo(process.hook());
      }
      process.killAfter(Duration.ofMillis(random.nextLong(longestRun.toMillis())));
      load.pause();
      destination.senderDied();
    }
  }

  private CaravanProcess startReady(Site site) {
    CaravanProcess process = site.startReady();
    starts.add(process.startTook());
    if (process.output().contains("did not stop cleanly")) {
      recoveries++;
    }
    return process;
  }

  private static void awaitCompletion(Destination destination, Map<String, SignedPush> accepted) {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              for (var subscription : destination.all()) {
                assertThat(lost(subscription.getKey(), subscription.getValue(), accepted))
                    .as("accepted, and not completed by " + subscription.getKey())
                    .isEmpty();
              }
            });
  }

  private static List<String> lost(
      String subscription, Arrivals arrivals, Map<String, SignedPush> accepted) {
    return accepted.values().stream()
        .filter(push -> push.isPush() || !subscription.equals("pushes"))
        .map(push -> push.guid().toString())
        .filter(guid -> !arrivals.hasCompleted(guid))
        .toList();
  }

  private static void assertBounds(int kills, Destination destination) {
    for (var subscription : destination.all()) {
      Arrivals arrivals = subscription.getValue();
      assertThat(arrivals.completedAgain())
          .as("run twice by " + subscription.getKey())
          .isLessThanOrEqualTo(kills * (UNFLUSHED + CONCURRENCY));
      assertThat(arrivals.overlappingLanes()).as("lanes with two at once").isEmpty();
      assertThat(arrivals.firstAttempts().values()).allSatisfy(CrashTest::assertInOrder);
    }
    assertThat(destination.at("strict").firstSuccesses().values())
        .allSatisfy(CrashTest::assertInOrder);
  }

  private static void assertInOrder(List<Integer> numbers) {
    assertThat(numbers).isSorted();
  }

  private static List<String> missing(Site site, Map<String, SignedPush> accepted) {
    try (SqliteDeliveryLog log = SqliteDeliveryLog.open(site.data(), TestLog.OPTIONS)) {
      DeliveryHistory history = log.history();
      return accepted.keySet().stream()
          .filter(guid -> Kept.delivery(history, guid).isEmpty())
          .toList();
    }
  }

  private void report(int kills, Destination destination, Map<String, SignedPush> accepted) {
    Report report = new Report("crash-" + kills);
    report.line("%d kills, %d accepted", kills, accepted.size());
    for (var subscription : destination.all()) {
      Arrivals arrivals = subscription.getValue();
      report.line(
          "%s: lost %d, completed %d, run twice %d (%.1f a kill)",
          subscription.getKey(),
          lost(subscription.getKey(), arrivals, accepted).size(),
          arrivals.completed(),
          arrivals.completedAgain(),
          arrivals.completedAgain() / (double) kills);
    }
    List<Long> millis = starts.stream().map(Duration::toMillis).sorted().toList();
    report.line(
        "start after a kill: median %d ms, longest %d ms",
        millis.get(millis.size() / 2), millis.get(millis.size() - 1));
  }
}
