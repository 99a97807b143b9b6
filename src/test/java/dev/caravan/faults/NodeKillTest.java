package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two programs on one log, of which one after the other is killed (SIGKILL) under load. */
class NodeKillTest {
  private static final int LANES = 24;
  private static final Duration MOST = Duration.ofSeconds(10);

  /** Of each kill: what ran, and what had ended within the 50 ms in which outcomes are written. */
  private static final int REPEATS = Cluster.CONCURRENCY + 256;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom();

  @Test
  @Tag("long")
  void nodesThatAreKilledAHundredTimesLoseNothingAndAreReplacedWithinTenSeconds()
      throws InterruptedException {
    int kills = Integer.getInteger("kills", 100);
    PostgresServer server = PostgresServer.shared();
    List<Duration> takeOvers = new ArrayList<>();
    try (NodeRuns runs = new NodeRuns();
        Cluster cluster = new Cluster(directory, server, runs)) {
      List<Cluster.Node> nodes =
          List.of(cluster.node("a", server.url()), cluster.node("b", server.url()));
      nodes.forEach(Cluster.Node::start);
      nodes.forEach(Cluster.Node::awaitReady);
      try (Load load = new Load(LANES, Duration.ofMillis(20))) {
        for (int kill = 0; kill < kills; kill++) {
          load.sendTo(nodes.get(0).hook(), nodes.get(1).hook());
          Cluster.Node victim = nodes.get(kill % 2);
          Cluster.Node other = nodes.get(1 - kill % 2);
          await().atMost(Duration.ofSeconds(30)).until(() -> runs.hasAnyBy(victim.label()));
          TimeUnit.MILLISECONDS.sleep(random.nextLong(1000));
          long killed = victim.kill();
          load.sendTo(other.hook());
          victim.start();
          takeOvers.add(runs.untilEachLaneMoved(killed, LANES));
          victim.awaitReady();
        }
        load.end();
        ClusterOutcome outcome = ClusterOutcome.of(load.accepted().keySet(), cluster, server, runs);
        report(kills, takeOvers, outcome, load);
        outcome.assertNothingIsLostAndLanesKeptTheirOrder();
        assertThat(outcome.overlaps()).isEmpty();
        assertThat(outcome.repeats()).hasSizeLessThanOrEqualTo(kills * REPEATS);
        assertThat(load.otherAnswers()).isEmpty();
      }
    }
    assertThat(takeOvers).allSatisfy(took -> assertThat(took).isLessThan(MOST));
  }

  private static void report(
      int kills, List<Duration> takeOvers, ClusterOutcome outcome, Load load) {
    Report report = new Report("node-kills-" + kills);
    report.line("%d kills: %s", kills, outcome);
    report.line("%d requests without an answer", load.unanswered());
    List<Long> millis = takeOvers.stream().map(Duration::toMillis).sorted().toList();
    report.line(
        "taken over after %d to %d ms, median %d ms",
        millis.get(0), millis.get(millis.size() - 1), millis.get(millis.size() / 2));
  }
}
