package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.PostgresServer;
import dev.caravan.testing.Relay;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two programs under load, whose database crashes, fails over, or runs out of disk. */
@Tag("long")
class DatabaseFaultsTest {
  private static final int LANES = 24;

  @TempDir Path directory;

  private final NodeRuns runs = new NodeRuns();
  private Cluster cluster;
  private List<Cluster.Node> nodes;

  @AfterEach
  void stop() {
    cluster.close();
    runs.close();
  }

  private void startTwo(PostgresServer server, String url) {
    cluster = new Cluster(directory, server, runs);
    nodes = List.of(cluster.node("a", url).start(), cluster.node("b", url).start());
    nodes.forEach(Cluster.Node::awaitReady);
  }

  private Load load() {
    Load load = new Load(LANES, Duration.ofMillis(20));
    load.sendTo(nodes.get(0).hook(), nodes.get(1).hook());
    return load;
  }

  private static void seconds(double seconds) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
  }

  @Test
  void aPrimaryThatCrashesThreeTimesLosesNothingAndNobodyIsRefused() throws Exception {
    try (PostgresServer server = PostgresServer.ownWithFsync()) {
      startTwo(server, server.url());
      try (Load load = load()) {
        for (int crash = 0; crash < 3; crash++) {
          seconds(3);
          server.stop();
          seconds(2);
          server.start();
        }
        seconds(3);
        load.end();
        ClusterOutcome outcome = ClusterOutcome.of(load.accepted().keySet(), cluster, server, runs);
        report("primary-crashes", "primary killed and started three times", outcome, load);
        outcome.assertNothingIsLostAndLanesKeptTheirOrder();
        assertThat(load.otherAnswers()).isEmpty();
        assertThat(outcome.overlaps()).isEmpty();
      }
      cluster.close();
    }
  }

  @Test
  void aSynchronousStandbyThatIsPromotedHasAllThatWasAccepted() throws Exception {
    try (PostgresServer primary = PostgresServer.ownWithFsync();
        PostgresServer standby = primary.standby(primary.port())) {
      primary.execute(
          "ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()");
      awaitReplication(primary, "sync");
      startTwo(primary, url(primary, standby));
      assertThat(nodes.get(0).process().output()).contains("synchronous_standby_names is standby");
      try (Load load = load()) {
        seconds(5);
        primary.stop();
        seconds(2);
        standby.promote();
        seconds(6);
        load.end();
        ClusterOutcome outcome =
            ClusterOutcome.of(load.accepted().keySet(), cluster, standby, runs);
        report("synchronous-failover", "synchronous standby promoted after 2 s", outcome, load);
        outcome.assertNothingIsLostAndLanesKeptTheirOrder();
        assertThat(load.otherAnswers()).isEmpty();
        assertThat(outcome.overlaps()).isEmpty();
      }
      cluster.close();
    }
  }

  /** What is lost is what the standby had not got: here, the last 300 ms. */
  @Test
  void anAsynchronousStandbyThatIsPromotedLosesOnlyWhatItHadNotGot() throws Exception {
    try (PostgresServer primary = PostgresServer.ownWithFsync();
        Relay replication = new Relay(primary.port());
        PostgresServer standby = primary.standby(replication.port())) {
      awaitReplication(primary, "async");
      startTwo(primary, url(primary, standby));
      Set<String> before;
      try (Load load = load()) {
        seconds(5);
        replication.freeze();
        long frozen = System.nanoTime();
        seconds(0.3);
        nodes.forEach(Cluster.Node::kill);
        load.end();
        primary.stop();
        standby.promote();
        nodes.forEach(Cluster.Node::start);
        nodes.forEach(Cluster.Node::awaitReady);
        before = new HashSet<>(load.accepted().keySet());
        ClusterOutcome outcome = ClusterOutcome.of(before, cluster, standby, runs);
        report("asynchronous-failover", "asynchronous standby, 300 ms behind", outcome, load);
        assertThat(outcome.lost())
            .as("lost, of those accepted before the standby fell behind")
            .allSatisfy(
                guid ->
                    assertThat(load.acceptedAt().get(guid) - frozen)
                        .isGreaterThan(-TimeUnit.SECONDS.toNanos(1)));
      }
      try (Load load = load()) {
        seconds(3);
        load.end();
        runs.awaitAll(Cluster.SUBSCRIPTION, load.accepted().keySet(), Duration.ofSeconds(30));
        assertThat(cluster.guids(standby)).containsAll(load.accepted().keySet());
      }
      cluster.close();
    }
  }

  @Test
  void aDatabaseWithoutSpaceIsA503AndGoesOnWhenThereIsSomeAgain() throws Exception {
    Path parent = Path.of("target", "disk-" + ProcessHandle.current().pid()).toAbsolutePath();
    try (SmallDisk disk = SmallDisk.mount(parent, "300m");
        PostgresServer server = PostgresServer.ownIn(disk.directory())) {
      startTwo(server, server.url());
      try (Load load = load()) {
        seconds(2);
        assertThat(load.otherAnswers()).isEmpty();
        disk.fill();
        await().atMost(Duration.ofSeconds(60)).until(() -> load.otherAnswers().containsKey(503));
        seconds(4);
        disk.clear();
        if (!server.isRunning()) { // it gives up when its own log cannot be written
          server.start();
        }
        int before = load.accepted().size();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> load.accepted().size() > before + LANES * 10);
        load.end();
        ClusterOutcome outcome = ClusterOutcome.of(load.accepted().keySet(), cluster, server, runs);
        report("database-disk-full", "no space on the database's disk", outcome, load);
        outcome.assertNothingIsLostAndLanesKeptTheirOrder();
        assertThat(load.otherAnswers()).containsOnlyKeys(503);
      }
      nodes.forEach(
          node ->
              assertThat(node.process().output())
                  .doesNotContain("\tat ")
                  .containsOnlyOnce("database cannot be written")
                  .containsOnlyOnce("database can be written again"));
      cluster.close();
    }
  }

  private static String url(PostgresServer primary, PostgresServer standby) {
    return "postgresql://caravan@127.0.0.1:%d,127.0.0.1:%d/caravan"
        .formatted(primary.port(), standby.port());
  }

  private static void awaitReplication(PostgresServer primary, String state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (Connection connection = primary.connect("caravan");
                  Statement statement = connection.createStatement();
                  ResultSet row =
                      statement.executeQuery(
                          "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'")) {
                return row.next() && row.getString(1).equals(state);
              } catch (SQLException e) {
                return false;
              }
            });
  }

  private static void report(String name, String what, ClusterOutcome outcome, Load load) {
    Report report = new Report(name);
    report.line("%s: %s", what, outcome);
    report.line(
        "answers but 202: %s; unanswered %d; longest answer %d ms",
        load.otherAnswers(), load.unanswered(), load.longestAnswer().toMillis());
  }
}
