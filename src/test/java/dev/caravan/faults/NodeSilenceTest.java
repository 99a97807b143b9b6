package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.PostgresServer;
import dev.caravan.testing.Relay;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two programs on one log, of which one is frozen or cut off from the database for a while, with
 * attempts under way that take longer than its lease.
 */
@Tag("long")
class NodeSilenceTest {
  private static final int LANES = 24;
  private static final int SLOW_LANES = 6;
  private static final Duration SLOW_RUN = Cluster.LEASE.plusSeconds(2);
  private static final Duration CUT = Duration.ofSeconds(15);

  @TempDir Path directory;

  private final PostgresServer server = PostgresServer.shared();
  private final NodeRuns runs = new NodeRuns();
  private final Set<String> slow = new HashSet<>();
  private Cluster cluster;
  private Cluster.Node other;

  @BeforeEach
  void startTheOther() {
    cluster = new Cluster(directory, server, runs);
    other = cluster.node("other", server.url()).start();
    runs.slowRunsTake(SLOW_RUN);
  }

  @AfterEach
  void stop() {
    cluster.close();
    runs.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 15})
  void aFrozenNodeBeginsNothingThatAnotherHasTakenOver(int seconds) throws Exception {
    Cluster.Node node = cluster.node("frozen", server.url()).start().awaitReady();
    other.awaitReady();
    silence(
        "frozen for %d s".formatted(seconds),
        node,
        () -> node.process().signal("STOP"),
        Duration.ofSeconds(seconds),
        () -> node.process().signal("CONT"));
  }

  @Test
  void aNodeThatIsCutOffFromTheDatabaseIsReplacedAndJoinsAnew() throws Exception {
    try (Relay proxy = new Relay(server.port())) {
      Cluster.Node node = cluster.node("cut", url("127.0.0.1", proxy.port())).start().awaitReady();
      other.awaitReady();
      silence("cut off by a frozen proxy", node, proxy::freeze, CUT, proxy::thaw);
      await().until(() -> node.process().output().contains("It joins anew"));
    }
  }

  @Test
  void aNodeWhoseNetworkIsDownIsReplacedAndJoinsAnew() throws Exception {
    try (NetworkOfItsOwn network = NetworkOfItsOwn.make();
        Relay database = new Relay(network.host(), server.port());
        Relay destination = new Relay(network.host(), runs.port())) {
      Cluster.Node node = nodeIn(network, database, destination);
      silence("its network down", node, network::down, CUT, network::up);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> node.process().output().contains("It joins anew"));
    }
  }

  @Test
  void aNodeBehindANetworkThatLosesPacketsDoesItsShare() throws Exception {
    try (NetworkOfItsOwn network = NetworkOfItsOwn.make();
        Relay database = new Relay(network.host(), server.port());
        Relay destination = new Relay(network.host(), runs.port())) {
      network.lose("delay 10ms loss 5%");
      Cluster.Node node = nodeIn(network, database, destination);
      doItsShare("netem delay 10 ms, loss 5 %", node);
    }
  }

  @Test
  void aNodeWithASlowWayToTheDatabaseDoesItsShare() throws Exception {
    try (Relay proxy = new Relay(server.port())) {
      proxy.slow(Duration.ofMillis(10), 5);
      doItsShare(
          "10 ms each way, 5 of 100 packets sent again after 200 ms",
          cluster.node("slow", url("127.0.0.1", proxy.port())).start().awaitReady());
    }
  }

  private static String url(String host, int port) {
    return "postgresql://caravan@%s:%d/caravan".formatted(host, port);
  }

  private Cluster.Node nodeIn(NetworkOfItsOwn network, Relay database, Relay destination) {
    String host = network.host().getHostAddress();
    Cluster.Node node = cluster.node("apart", url(host, database.port()));
    node.runsAt(host + ":" + destination.port());
    node.site().under(network.command());
    node.start().awaitReady();
    other.awaitReady();
    return node;
  }

  /** What can make a node silent, or let it speak again. */
  @FunctionalInterface
  private interface Fault {
    void happens() throws Exception;
  }

  private void silence(String what, Cluster.Node node, Fault begin, Duration length, Fault end)
      throws Exception {
    boolean canBePostedTo = !what.contains("network");
    try (Load load = new Load(LANES, Duration.ofMillis(20))) {
      if (canBePostedTo) {
        load.sendTo(node.hook(), other.hook());
      } else {
        load.sendTo(other.hook());
      }
      postSlowOnes();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> runs.hasAnyBy(node.label()) && runs.hasAnyBy(other.label()));
      TimeUnit.MILLISECONDS.sleep(500);
      begin.happens();
      long began = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
      end.happens();
      long ended = System.nanoTime();
      TimeUnit.SECONDS.sleep(3);
      load.end();

      Set<String> accepted = new HashSet<>(load.accepted().keySet());
      accepted.addAll(slow);
      ClusterOutcome outcome = ClusterOutcome.of(accepted, cluster, server, runs);
      List<NodeRuns.Run> stale =
          outcome.overlaps().keySet().stream()
              .filter(run -> run.node().equals(node.label()) && run.began() - ended > 0)
              .toList();
      Report report = new Report("node-silence-" + what.replaceAll("[^a-z0-9]+", "-"));
      report.line("%s: %s", what, outcome);
      report.line(
          "waited at most %d ms for a first run; answers but 202: %s; unanswered %d; begun stale %d",
          runs.longestWait(load.acceptedAt(), began).toMillis(),
          load.otherAnswers(),
          load.unanswered(),
          stale.size());
      outcome.assertNothingIsLostAndLanesKeptTheirOrder();
      assertThat(stale).as("begun by the node that was silent, beside another").isEmpty();
      assertThat(outcome.overlaps()).hasSizeLessThanOrEqualTo(Cluster.CONCURRENCY);
      assertThat(runs.longestWait(load.acceptedAt(), began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  /** Two of each slow lane, so that the second waits behind the first. */
  private void postSlowOnes() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int lane = 0; lane < SLOW_LANES; lane++) {
      for (int number = 1; number <= 2; number++) {
        SignedPush push = SignedPush.of(NodeRuns.FIRST_SLOW_LANE + lane, number);
        assertThat(client.send(push.to(other.hook()), BodyHandlers.discarding()).statusCode())
            .isEqualTo(202);
        slow.add(push.guid().toString());
      }
    }
  }

  /** Each attempt of what another node has accepted is a question of the database. */
  private void doItsShare(String what, Cluster.Node node) throws Exception {
    other.awaitReady();
    try (Load load = new Load(LANES, Duration.ofMillis(200))) {
      load.sendTo(other.hook());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> runs.hasAnyBy(node.label()) && runs.hasAnyBy(other.label()));
      TimeUnit.SECONDS.sleep(20);
      load.end();
      ClusterOutcome outcome = ClusterOutcome.of(load.accepted().keySet(), cluster, server, runs);
      long byIt = runs.all().stream().filter(run -> run.node().equals(node.label())).count();
      Report report = new Report("node-silence-" + what.replaceAll("[^a-z0-9]+", "-"));
      report.line("%s: %s, %,d runs by it", what, outcome, byIt);
      outcome.assertNothingIsLostAndLanesKeptTheirOrder();
      assertThat(outcome.repeats()).isEmpty();
      assertThat(outcome.overlaps()).isEmpty();
      assertThat(load.otherAnswers()).isEmpty();
      assertThat(node.process().output()).doesNotContain("It joins anew");
    }
  }
}
