package dev.caravan.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.testing.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that die, freeze and lose their database: nothing is lost, and lanes keep their order. */
class NodeFaultsTest {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int LANES = 24;

  /** What may end within the 50 ms in which outcomes are written, beside what runs. */
  private static final int FINISHED_AND_NOT_WRITTEN = 40;

  private final List<NodeProcess> nodes = new ArrayList<>();
  private int count;
  private PostgresServer server;
  private String schema;

  @AfterEach
  void stopNodes() {
    nodes.forEach(NodeProcess::close);
  }

  private void startTwo(PostgresServer on) {
    server = on;
    schema = on.newSchema();
    for (int node = 0; node < 2; node++) {
      nodes.add(NodeProcess.start(new PostgresPlace(on.url(), "", schema, "node-" + node, LEASE)));
    }
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> nodes.stream().allMatch(NodeProcess::isReady));
  }

  @Test
  void aNodeThatIsKilledLosesNothingAndAnotherTakesOver() throws Exception {
    startTwo(PostgresServer.shared());
    killOneUnderLoad();
  }

  static IntStream manyTimes() {
    return IntStream.range(0, Integer.getInteger("kills", 25));
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("manyTimes")
  void aNodeThatIsKilledAgainAndAgainLosesNothing(int time) throws Exception {
    startTwo(PostgresServer.shared());
    TimeUnit.MILLISECONDS.sleep(time * 37L % 500);
    killOneUnderLoad();
  }

  private void killOneUnderLoad() throws InterruptedException {
    postFor(Duration.ofMillis(1500), nodes);
    nodes.get(0).kill();
    long killed = System.nanoTime();
    postFor(Duration.ofMillis(1500), List.of(nodes.get(1)));

    awaitAllTakenHaveRun(Duration.ofSeconds(20));
    assertThat(Duration.ofNanos(lastFirstRun() - killed)).isLessThan(Duration.ofSeconds(10));
    assertThatLanesKeptTheirOrder();
    assertThat(repeats()).hasSizeLessThan(NodeProcess.CONCURRENCY + FINISHED_AND_NOT_WRITTEN);
    assertThat(overlaps()).isEmpty();
  }

  /** Attempts are longer than the lease, and the node is frozen for longer than that too. */
  @Test
  void aNodeThatWasFrozenBeginsNothingThatAnotherHasTakenOver() throws Exception {
    startTwo(PostgresServer.shared());
    for (int lane = 0; lane < NodeProcess.CONCURRENCY; lane++) {
      post("acme/slow-" + lane, nodes.get(lane % 2));
      post("acme/slow-" + lane, nodes.get(lane % 2));
    }
    await().until(() -> begunBy(nodes.get(0)) >= 2);
    nodes.get(0).signal("STOP");
    TimeUnit.MILLISECONDS.sleep(2800); // others have taken over by then
    long woken = System.nanoTime();
    nodes.get(0).signal("CONT");

    awaitAllTakenHaveRun(Duration.ofSeconds(60));
    assertThatLanesKeptTheirOrder();
    // What had begun before the freeze cannot be called back; nothing may begin in its place.
    List<List<NodeProcess.Event>> all = nodes.stream().map(NodeProcess::events).toList();
    assertThat(overlaps())
        .as("of %s, woken at %d", all, woken)
        .hasSizeLessThanOrEqualTo(NodeProcess.CONCURRENCY);
    assertThat(overlaps())
        .as("of %s, woken at %d", all, woken)
        .filteredOn(nodes.get(0).events()::contains)
        .allSatisfy(late -> assertThat(late.at()).isLessThan(woken));
  }

  @Test
  void aDatabaseThatCrashesAndComesBackLosesNothing() throws Exception {
    try (PostgresServer own = PostgresServer.ownWithFsync()) {
      startTwo(own);
      postFor(Duration.ofMillis(800), nodes);
      own.stop();
      postFor(Duration.ofMillis(500), nodes);
      own.start();
      postFor(Duration.ofMillis(800), nodes);

      awaitAllTakenHaveRun(Duration.ofSeconds(30));
      assertThatLanesKeptTheirOrder();
      assertThat(failures()).as("answered 503, though it was away for less than 8 s").isEmpty();
      nodes.forEach(NodeProcess::close);
    }
  }

  // --- load ---

  /** Lane by lane: the next is posted once the one before it was taken, as GitHub's are in time. */
  private void postFor(Duration time, List<NodeProcess> to) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      post("acme/" + count % LANES, to.get(count % to.size()));
      TimeUnit.MILLISECONDS.sleep(4);
    }
  }

  private void post(String repository, NodeProcess node) {
    node.append("guid-" + ++count, repository);
  }

  private void awaitAllTakenHaveRun(Duration most) {
    await()
        .atMost(most)
        .untilAsserted(
            () -> {
              Set<String> left = guids("took");
              left.removeAll(guids("ended"));
              assertThat(left).as("taken and not run").isEmpty();
              assertThat(nodes)
                  .filteredOn(NodeProcess::isAlive)
                  .isNotEmpty()
                  .allSatisfy(node -> assertThat(node.unanswered()).as("unanswered").isZero());
            });
  }

  // --- what the nodes have said ---

  private List<NodeProcess.Event> events(String what) {
    return nodes.stream()
        .flatMap(node -> node.events().stream())
        .filter(event -> event.what().equals(what))
        .sorted(Comparator.comparingLong(NodeProcess.Event::at))
        .toList();
  }

  private Set<String> guids(String what) {
    Set<String> guids = new HashSet<>();
    events(what).forEach(event -> guids.add(event.guid()));
    return guids;
  }

  private Set<String> failures() {
    return guids("failed");
  }

  private static long begunBy(NodeProcess node) {
    return node.events().stream().filter(event -> event.what().equals("begun")).count();
  }

  private long lastFirstRun() {
    Map<String, Long> first = new HashMap<>();
    events("begun").forEach(event -> first.putIfAbsent(event.guid(), event.at()));
    return first.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private List<String> repeats() {
    Set<String> seen = new HashSet<>();
    return events("begun").stream()
        .map(NodeProcess.Event::guid)
        .filter(guid -> !seen.add(guid))
        .toList();
  }

  /** By their first runs, in the order in which the log took them. */
  private void assertThatLanesKeptTheirOrder() {
    Map<String, List<String>> ran = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (NodeProcess.Event event : events("begun")) {
      if (seen.add(event.guid())) {
        ran.computeIfAbsent(event.repository(), any -> new ArrayList<>()).add(event.guid());
      }
    }
    ran.forEach(
        (repository, guids) ->
            assertThat(guids)
                .as(repository)
                .isEqualTo(order(repository).stream().filter(guids::contains).toList()));
  }

  /** As the positions say, which two nodes may have given in another order than was posted. */
  private List<String> order(String repository) {
    try (var connection = server.connect("caravan");
        var select =
            connection.prepareStatement(
                "SELECT guid FROM "
                    + schema
                    + ".delivery WHERE repository = ? ORDER BY position")) {
      select.setString(1, repository);
      List<String> guids = new ArrayList<>();
      try (var row = select.executeQuery()) {
        while (row.next()) {
          guids.add(dev.caravan.log.tables.Guids.decode(row.getBytes(1)));
        }
      }
      return guids;
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Attempts that began while another of their lane ran. */
  private List<NodeProcess.Event> overlaps() {
    List<NodeProcess.Event> overlaps = new ArrayList<>();
    for (NodeProcess node : nodes) {
      for (NodeProcess other : nodes) {
        if (node != other) {
          Map<String, Long> running = new HashMap<>();
          List<NodeProcess.Event> both = new ArrayList<>(node.events());
          both.addAll(
              other.events().stream().filter(event -> event.what().equals("begun")).toList());
          both.sort(Comparator.comparingLong(NodeProcess.Event::at));
          for (NodeProcess.Event event : both) {
            boolean own = node.events().contains(event);
            if (own && event.what().equals("begun")) {
              running.put(event.repository(), event.at());
            } else if (own && event.what().equals("ended")) {
              running.remove(event.repository());
            } else if (!own && running.containsKey(event.repository()) && node.isAlive()) {
              overlaps.add(event);
            }
          }
        }
      }
    }
    return overlaps;
  }
}
