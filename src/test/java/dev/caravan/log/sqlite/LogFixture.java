package dev.caravan.log.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.log.Attempt;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.EventFilter;
import dev.caravan.log.OrderBy;
import dev.caravan.log.RetryPolicy;
import dev.caravan.log.StartFrom;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A log in a directory of a test's own, with what tests say often in few words. */
final class LogFixture implements AutoCloseable {
  static final SqliteDeliveryLog.Options OPTIONS =
      new SqliteDeliveryLog.Options(Dedupe.GUID, 32 << 20);

  private final Path data;
  private final SqliteDeliveryLog.Options options;
  private final List<ExecutorService> executors = new ArrayList<>();
  private SqliteDeliveryLog log;

  LogFixture(Path data) {
    this(data, OPTIONS);
  }

  LogFixture(Path data, SqliteDeliveryLog.Options options) {
    this.data = data;
    this.options = options;
    this.log = SqliteDeliveryLog.open(data, options);
  }

  SqliteDeliveryLog log() {
    return log;
  }

  DeliveryHistory history() {
    return log.history();
  }

  /** Closes the log and opens it again, as a restart of the program does. */
  void restart() {
    log.close();
    log = SqliteDeliveryLog.open(data, options);
  }

  /** Appends and waits until it is on disk. */
  String append(Delivery delivery) {
    return log.append(delivery).orTimeout(20, TimeUnit.SECONDS).join().position();
  }

  Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    return log.subscribe(settings, handler);
  }

  /** Settings to start from; each test changes what it is about. */
  Wanted wanted(String name, String events) {
    ExecutorService executor = Executors.newCachedThreadPool();
    executors.add(executor);
    return new Wanted(name, events, executor);
  }

  @Override
  public void close() {
    log.close();
    executors.forEach(ExecutorService::shutdownNow);
  }

  /** A subscription's settings under construction. */
  static final class Wanted {
    private final String name;
    private final String events;
    private final ExecutorService executor;
    private int concurrency = 4;
    private OrderBy orderBy = OrderBy.REPOSITORY;
    private boolean strict;
    private StartFrom startFrom = StartFrom.NOW;
    private RetryPolicy retry = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1));

    private Wanted(String name, String events, ExecutorService executor) {
      this.name = name;
      this.events = events;
      this.executor = executor;
    }

    Wanted concurrency(int value) {
      concurrency = value;
      return this;
    }

    Wanted orderBy(OrderBy value) {
      orderBy = value;
      return this;
    }

    Wanted strict() {
      strict = true;
      return this;
    }

    Wanted startFrom(StartFrom value) {
      startFrom = value;
      return this;
    }

    Wanted retry(int attempts, Duration delay) {
      retry = new RetryPolicy(attempts, delay, delay);
      return this;
    }

    SubscriptionSettings settings() {
      return new SubscriptionSettings(
          name,
          EventFilter.parse(events, null),
          concurrency,
          orderBy,
          strict,
          startFrom,
          retry,
          executor);
    }
  }

  /** Remembers what it was handed, and succeeds. */
  static class Recorder implements DeliveryHandler {
    final List<String> guids = new CopyOnWriteArrayList<>();

    @Override
    public void handle(Attempt attempt) {
      guids.add(attempt.delivery().guid());
      attempt.succeeded();
    }
  }

  static Delivery push(String repository) {
    return delivery(UUID.randomUUID().toString(), "push", null, repository, "{\"ref\":\"main\"}");
  }

  static Delivery delivery(
      String guid, String event, String action, String repository, String body) {
    return new Delivery(
        guid,
        event,
        new Delivery.Subject(action, repository, null, null, "ada", null),
        Instant.now(),
        Map.of("X-GitHub-Event", event, "X-GitHub-Delivery", guid),
        Delivery.Encoding.JSON,
        body.getBytes(UTF_8));
  }
}
