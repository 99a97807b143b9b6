package dev.caravan.log.postgres;

import static java.util.stream.Collectors.toSet;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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

  private static final List<NodeProcess> STARTED = new ArrayList<>();
  private static PostgresServer server;
  private static String schema;
  private static int tests;

  private final List<NodeProcess> nodes = new ArrayList<>();
  private final String repositories = "acme/test-" + ++tests + "-";
  private int count;

  @BeforeAll
  static void startDatabase() {
    server = PostgresServer.ownWithFsync();
    schema = server.newSchema();
  }

  /** Those that another test has left alive are nodes as good as new ones. */
  @BeforeEach
  void startUntilThereAreTwo() {
    STARTED.stream().filter(NodeProcess::isAlive).forEach(nodes::add);
    while (nodes.size() < 2) {
      NodeProcess started =
          NodeProcess.start(
              new PostgresPlace(server.url(), "", schema, "node-" + STARTED.size(), LEASE));
      STARTED.add(started);
      nodes.add(started);
    }
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> nodes.stream().allMatch(NodeProcess::isReady));
    postUntil(() -> nodes.stream().allMatch(node -> begunBy(node).size() > LANES / 3), nodes);
  }

  @AfterAll
  static void stopAll() {
    STARTED.forEach(NodeProcess::close);
    STARTED.clear();
    if (server != null) { // else it is not installed
      server.close();
    }
  }

  @Test
  void aNodeThatIsKilledLosesNothingAndAnotherTakesOver() {
    killOneUnderLoad(Duration.ofMillis(500));
  }

  static IntStream manyTimes() {
    return IntStream.range(0, Integer.getInteger("kills", 25));
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("manyTimes")
  void aNodeThatIsKilledAgainAndAgainLosesNothing(int time) {
    killOneUnderLoad(Duration.ofMillis(1500 + time * 37L % 500));
  }

  private void killOneUnderLoad(Duration load) {
    postFor(load, nodes);
    nodes.get(0).kill();
    long killed = System.nanoTime();
    postFor(load, List.of(nodes.get(1)));

    awaitAllTakenHaveRun(Duration.ofSeconds(20));
    assertThat(Duration.ofNanos(lastFirstRun() - killed)).isLessThan(Duration.ofSeconds(10));
    assertThatLanesKeptTheirOrder();
    assertThat(repeats()).hasSizeLessThan(NodeProcess.CONCURRENCY + FINISHED_AND_NOT_WRITTEN);
    assertThat(overlaps()).isEmpty();
  }

  /** Attempts are longer than the lease, and the node is frozen for longer than that too. */
  @Test
  void aNodeThatWasFrozenBeginsNothingThatAnotherHasTakenOver() throws Exception {
    Stream.of(0, 1).flatMap(node -> lanesOf(node).limit(4)).forEach(this::postSlow);
    await().until(() -> slowBegunBy(nodes.get(0)).size() >= 2);
    nodes.get(0).signal("STOP");
    long woken;
    try {
      Set<String> frozen = slowBegunBy(nodes.get(0));
      await().until(() -> slowBegunBy(nodes.get(1)).containsAll(frozen)); // it has taken over
    } finally {
      woken = System.nanoTime();
      nodes.get(0).signal("CONT");
    }

    awaitAllTakenHaveRun(Duration.ofSeconds(60));
    assertThatLanesKeptTheirOrder();
    // What had begun before the freeze cannot be called back; nothing may begin in its place.
    List<List<NodeProcess.Event>> all = nodes.stream().map(this::events).toList();
    assertThat(overlaps())
        .as("of %s, woken at %d", all, woken)
        .hasSizeLessThanOrEqualTo(NodeProcess.CONCURRENCY);
    assertThat(overlaps())
        .as("of %s, woken at %d", all, woken)
        .filteredOn(nodes.get(0).events()::contains)
        .allSatisfy(late -> assertThat(late.at()).isLessThan(woken));
  }

  /** Of which it ran the newest. */
  private Stream<String> lanesOf(int node) {
    Map<String, String> newest = new HashMap<>();
    events("begun").forEach(event -> newest.put(event.repository(), event.guid()));
    Set<String> own = begunBy(nodes.get(node));
    return newest.keySet().stream().filter(lane -> own.contains(newest.get(lane)));
  }

  /** And another one behind it. */
  private void postSlow(String lane) {
    post(NodeProcess.SLOW, lane, nodes.get(0));
    post("", lane, nodes.get(0));
  }

  @Test
  void aDatabaseThatCrashesAndComesBackLosesNothing() {
    postFor(Duration.ofMillis(500), nodes);
    server.stop();
    postFor(Duration.ofMillis(500), nodes);
    server.start();
    postFor(Duration.ofMillis(500), nodes);

    awaitAllTakenHaveRun(Duration.ofSeconds(30));
    assertThatLanesKeptTheirOrder();
    assertThat(failures()).as("answered 503, though it was away for less than 8 s").isEmpty();
  }

  // --- load ---

  private void postFor(Duration time, List<NodeProcess> to) {
    long end = System.nanoTime() + time.toNanos();
    postUntil(() -> System.nanoTime() >= end, to);
  }

  /** Lane by lane: the next is posted once the one before it was taken, as GitHub's are in time. */
  private void postUntil(BooleanSupplier isEnough, List<NodeProcess> to) {
    while (!isEnough.getAsBoolean()) {
      post("", repositories + count % LANES, to.get(count % to.size()));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(4));
    }
  }

  private void post(String kind, String repository, NodeProcess node) {
    node.append("%sguid-%d-%d".formatted(kind, tests, ++count), repository);
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
        .flatMap(node -> events(node).stream())
        .filter(event -> event.what().equals(what))
        .sorted(Comparator.comparingLong(NodeProcess.Event::at))
        .toList();
  }

  /** Of this test. */
  private List<NodeProcess.Event> events(NodeProcess node) {
    return node.events().stream()
        .filter(event -> event.repository().startsWith(repositories))
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

  private Set<String> begunBy(NodeProcess node) {
    return events(node).stream()
        .filter(event -> event.what().equals("begun"))
        .map(NodeProcess.Event::guid)
        .collect(toSet());
  }

  private Set<String> slowBegunBy(NodeProcess node) {
    Set<String> slow = begunBy(node);
    slow.removeIf(guid -> !guid.startsWith(NodeProcess.SLOW));
    return slow;
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
          Set<NodeProcess.Event> own = Set.copyOf(events(node));
          List<NodeProcess.Event> both = new ArrayList<>(own);
          both.addAll(
              events(other).stream().filter(event -> event.what().equals("begun")).toList());
          both.sort(Comparator.comparingLong(NodeProcess.Event::at));
          for (NodeProcess.Event event : both) {
            boolean isOwn = own.contains(event);
            if (isOwn && event.what().equals("begun")) {
              running.put(event.repository(), event.at());
            } else if (isOwn && event.what().equals("ended")) {
              running.remove(event.repository());
            } else if (!isOwn && running.containsKey(event.repository()) && node.isAlive()) {
              overlaps.add(event);
            }
          }
        }
      }
    }
    return overlaps;
  }
}
