package dev.caravan.faults;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Where the routes of several nodes send deliveries. It notes each run, and afterwards says what
 * was wrong with them.
 */
final class NodeRuns implements AutoCloseable {
  /** From this lane on, a run takes as long as {@link #slowRunsTake} says. */
  static final int FIRST_SLOW_LANE = 100;

  /** How long the others take. */
  private static final Duration WORK = Duration.ofMillis(2);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(64);
  private final Queue<Run> runs = new ConcurrentLinkedQueue<>();
  private volatile Duration slowWork = WORK;

  /** A run of a delivery, of one subscription, by a node since one of its starts. */
  static final class Run {
    private final String subscription;
    private final String node;
    private final String guid;
    private final long began = System.nanoTime();
    private volatile long ended;
    private volatile boolean isOver;
    private volatile boolean hasSucceeded;

    private Run(String subscription, String node, String guid) {
      this.subscription = subscription;
      this.node = node;
      this.guid = guid;
    }

    String node() {
      return node;
    }

    String guid() {
      return guid;
    }

    long began() {
      return began;
    }

    private void end() {
      ended = System.nanoTime();
      isOver = true;
    }

    private boolean goesOnAt(long time) {
      return began - time < 0 && !(isOver && ended - time <= 0);
    }

    @Override
    public String toString() {
      return subscription + " " + guid + " by " + node;
    }
  }

  NodeRuns() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::receive);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /**
   * A node's route, which sends deliveries here.
   *
   * @param node that runs it, and its how manieth start
   * @param address of this, as the node sees it
   */
  static String route(String subscription, String node, String address, String parameters) {
    return """
    - route:
        id: %s
        from:
          uri: github-webhook:*
          parameters: { payload: raw, %s }
          steps:
            - to: http://%s/%1$s/%s
    """
        .formatted(subscription, parameters, address, node);
  }

  void slowRunsTake(Duration work) {
    slowWork = work;
  }

  /** What that node had under way does not go on. */
  void died(String node) {
    runs.stream().filter(run -> run.node.equals(node) && !run.isOver).forEach(Run::end);
  }

  private void receive(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    Run run = new Run(path[1], path[2], exchange.getRequestHeaders().getFirst("X-GitHub-Delivery"));
    runs.add(run);
    exchange.getRequestBody().readAllBytes();
    boolean isSlow = SignedPush.laneOf(run.guid) >= FIRST_SLOW_LANE;
    long end = System.nanoTime() + (isSlow ? slowWork : WORK).toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    if (!run.isOver) {
      run.end();
      run.hasSucceeded = true;
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  // --- what there was ---

  /** All runs in the order in which they began. */
  List<Run> all() {
    return runs.stream().sorted(Comparator.comparingLong(Run::began)).toList();
  }

  boolean hasAnyBy(String node) {
    return runs.stream().anyMatch(run -> run.node.equals(node));
  }

  /** Of those, what no run of that subscription has completed. */
  Set<String> notRun(String subscription, Collection<String> guids) {
    Set<String> left = new HashSet<>(guids);
    runs.forEach(
        run -> {
          if (run.hasSucceeded && run.subscription.equals(subscription)) {
            left.remove(run.guid);
          }
        });
    return left;
  }

  void awaitAll(String subscription, Collection<String> guids, Duration most) {
    await()
        .atMost(most)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> notRun(subscription, guids).isEmpty());
  }

  /** How long after that time each lane had begun something again. */
  Duration untilEachLaneMoved(long since, int lanes) {
    Map<Integer, Long> first = new HashMap<>();
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              first.clear();
              for (Run run : runs) {
                if (run.began - since > 0 && SignedPush.laneOf(run.guid) < FIRST_SLOW_LANE) {
                  first.merge(SignedPush.laneOf(run.guid), run.began - since, Math::min);
                }
              }
              return first.size() >= lanes;
            });
    return Duration.ofNanos(first.values().stream().mapToLong(Long::longValue).max().orElse(0));
  }

  /**
   * The longest that something waited for its first run after that time.
   *
   * @param acceptedAt by GUID, in nanoTime
   */
  Duration longestWait(Map<String, Long> acceptedAt, long since) {
    Map<String, Long> first = new HashMap<>();
    all().forEach(run -> first.putIfAbsent(run.guid, run.began));
    long longest = 0;
    for (Map.Entry<String, Long> each : acceptedAt.entrySet()) {
      Long began = first.get(each.getKey());
      if (began != null) {
        long from = each.getValue() - since > 0 ? each.getValue() : since;
        longest = Math.max(longest, began - from);
      }
    }
    return Duration.ofNanos(longest);
  }

  /** Runs of what had begun before. */
  List<Run> repeats() {
    Set<String> seen = new HashSet<>();
    return all().stream().filter(run -> !seen.add(run.subscription + run.guid)).toList();
  }

  /** Runs that began while another of their lane went on, on another node, with those others. */
  Map<Run, Run> overlaps() {
    Map<Run, Run> overlaps = new HashMap<>();
    byLane()
        .forEach(
            (lane, ofLane) -> {
              for (int index = 1; index < ofLane.size(); index++) {
                for (int before = Math.max(0, index - 5); before < index; before++) {
                  if (ofLane.get(before).goesOnAt(ofLane.get(index).began)) {
                    overlaps.put(ofLane.get(index), ofLane.get(before));
                  }
                }
              }
            });
    return overlaps;
  }

  /**
   * First runs that began before the first run of one that the log has before it.
   *
   * @param inOrder all GUIDs as the log has them
   */
  List<String> outOfOrder(List<String> inOrder) {
    Map<String, Integer> places = new HashMap<>();
    inOrder.forEach(guid -> places.put(guid, places.size()));
    List<String> wrong = new ArrayList<>();
    byLane()
        .forEach(
            (lane, ofLane) -> {
              Set<String> seen = new HashSet<>();
              int furthest = -1;
              for (Run run : ofLane) {
                int place = places.getOrDefault(run.guid, Integer.MAX_VALUE);
                if (seen.add(run.guid) && place < furthest) {
                  wrong.add(run.toString());
                }
                furthest = Math.max(furthest, place == Integer.MAX_VALUE ? -1 : place);
              }
            });
    return wrong;
  }

  private Map<String, List<Run>> byLane() {
    return all().stream()
        .collect(
            Collectors.groupingBy(run -> run.subscription + " " + SignedPush.laneOf(run.guid)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
