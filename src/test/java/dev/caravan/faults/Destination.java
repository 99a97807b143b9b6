package dev.caravan.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Where the routes under test send deliveries: it remembers what came, for each subscription. */
final class Destination implements AutoCloseable {
  private static final int THREADS = 64;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Map<String, Arrivals> arrivals = new ConcurrentHashMap<>();
  private volatile boolean holding;
  private volatile boolean down;
  private volatile long workNanos;

  Destination() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.start();
  }

  /**
   * A route that sends deliveries here.
   *
   * @param events which, as in {@code github-webhook:EVENTS}
   * @param parameters more parameters of the endpoint, as in YAML's braces
   * @param failures how many of a hundred are refused
   */
  String route(String subscription, String events, String parameters, int failures) {
    return """
    - route:
        id: %s
        from:
          uri: github-webhook:%s
          parameters: { payload: raw%s }
          steps:
            - setHeader: { name: attempt, simple: "${header.CamelGitHubWebhookAttempt}" }
            - to: %s
    """
        .formatted(
            subscription,
            events,
            parameters.isEmpty() ? "" : ", " + parameters,
            address(subscription, failures));
  }

  /** Where a route of that name sends deliveries. */
  String address(String subscription, int failures) {
    Arrivals mine = new Arrivals();
    arrivals.put(subscription, mine);
    server.createContext("/" + subscription, exchange -> receive(exchange, mine, failures));
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), subscription);
  }

  Arrivals at(String subscription) {
    return arrivals.get(subscription);
  }

  Iterable<Map.Entry<String, Arrivals>> all() {
    return arrivals.entrySet();
  }

  /** From now on answers wait. */
  void hold() {
    holding = true;
  }

  void release() {
    holding = false;
  }

  /** From now on a delivery takes that long. */
  void takeTime(Duration work) {
    workNanos = work.toNanos();
  }

  /** From now on all is refused, or no longer. */
  void down(boolean isDown) {
    down = isDown;
  }

  /** The sender is dead: what it had under way here does not count as running. */
  void senderDied() {
    arrivals.values().forEach(Arrivals::senderDied);
  }

  @Override
  public void close() {
    holding = false;
    server.stop(0);
    threads.shutdownNow();
  }

  private void receive(HttpExchange exchange, Arrivals mine, int failures) throws IOException {
    String guid = exchange.getRequestHeaders().getFirst("X-GitHub-Delivery");
    mine.began(guid);
    exchange.getRequestBody().readAllBytes();
    while (holding) {
      LockSupport.parkNanos(1_000_000);
    }
    if (workNanos > 0) {
      LockSupport.parkNanos(workNanos);
    }
    boolean fails = down || ThreadLocalRandom.current().nextInt(100) < failures;
    mine.ended(guid, fails);
    exchange.sendResponseHeaders(fails ? 500 : 204, -1);
    exchange.close();
  }
}
