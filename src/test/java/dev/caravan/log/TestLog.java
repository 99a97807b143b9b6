package dev.caravan.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.Pace;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A log of any engine, with what tests say often in few words. */
public class TestLog implements AutoCloseable {
  /** How a log behaves unless a test says otherwise. */
  public static final LogOptions OPTIONS = options(Dedupe.GUID, Retention.DEFAULT);

  private final LogUnderTest engine;
  private final List<ExecutorService> executors = new ArrayList<>();

  public TestLog(LogUnderTest engine) {
    this.engine = engine;
  }

  /** The log that is open now. */
  public LogEngine log() {
    return engine.log();
  }

  /** What happened in it. */
  public DeliveryHistory history() {
    return log().history();
  }

  /** How it is doing. */
  public LogFigures figures() {
    return log().figures();
  }

  /** How many deliveries became dead letters, in all. */
  public long deadLettered() {
    return figures().deadLettered().stream().mapToLong(DeadLetteredCount::count).sum();
  }

  /** Closes the log and opens it again, as a restart of the program does. */
  public void restart() {
    engine.restart();
  }

  /** Appends and waits until it is on disk. */
  public String append(Delivery delivery) {
    return log().append(delivery).orTimeout(20, TimeUnit.SECONDS).join().position();
  }

  /** Starts a subscription. */
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    return log().subscribe(settings, handler);
  }

  /** Runs deliveries again. */
  public Replay replay(ReplayRequest request) {
    return log().replay(request, "a test's").replay();
  }

  /** The same but for what makes a repeat and how long bodies are kept. */
  public static LogOptions options(Dedupe dedupe, Retention retention) {
    return options(dedupe, retention, InstantSource.system(), System::nanoTime);
  }

  /** The same, by a clock that the test sets. */
  public static LogOptions options(
      Dedupe dedupe, Retention retention, InstantSource clock, LongSupplier nanos) {
    return new LogOptions(dedupe, 32 << 20, 100, retention, clock, nanos);
  }

  /** Settings to start from; each test changes what it is about. */
  public Wanted wanted(String name, String events) {
    ExecutorService executor = Executors.newCachedThreadPool();
    executors.add(executor);
    return wanted(name, events, executor);
  }

  /** The same for a subscription whose attempts that executor runs. */
  public static Wanted wanted(String name, String events, Executor executor) {
    return new Wanted(name, events, executor);
  }

  @Override
  public void close() {
    engine.close();
    executors.forEach(ExecutorService::shutdownNow);
  }

  /** A subscription's settings under construction. */
  public static final class Wanted {
    private final String name;
    private final String events;
    private final Executor executor;
    private int concurrency = 4;
    private OrderBy orderBy = OrderBy.REPOSITORY;
    private boolean strict;
    private boolean newestOnly;
    private StartFrom startFrom = StartFrom.NOW;
    private Pace pace = Pace.FREE;
    private RetryPolicy retry = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1));

    private Wanted(String name, String events, Executor executor) {
      this.name = name;
      this.events = events;
      this.executor = executor;
    }

    public Wanted concurrency(int value) {
      concurrency = value;
      return this;
    }

    public Wanted orderBy(OrderBy value) {
      orderBy = value;
      return this;
    }

    public Wanted strict() {
      strict = true;
      return this;
    }

    public Wanted newestOnly() {
      newestOnly = true;
      return this;
    }

    public Wanted startFrom(StartFrom value) {
      startFrom = value;
      return this;
    }

    public Wanted retry(int attempts, Duration delay) {
      return retry(new RetryPolicy(attempts, delay, delay));
    }

    public Wanted retry(RetryPolicy value) {
      retry = value;
      return this;
    }

    public Wanted pace(Pace value) {
      pace = value;
      return this;
    }

    public SubscriptionSettings settings() {
      return new SubscriptionSettings(
          name,
          EventFilter.parse(events, null),
          concurrency,
          orderBy,
          strict,
          newestOnly,
          startFrom,
          retry,
          pace,
          executor);
    }
  }

  /** Remembers what it was handed, and succeeds. */
  public static class Recorder implements DeliveryHandler {
    public final List<String> guids = new CopyOnWriteArrayList<>();

    @Override
    public void handle(Attempt attempt) {
      guids.add(attempt.delivery().guid());
      attempt.succeeded();
    }
  }

  /** A push to that repository, under a GUID of its own. */
  public static Delivery push(String repository) {
    return delivery(UUID.randomUUID().toString(), "push", null, repository, "{\"ref\":\"main\"}");
  }

  /** A delivery from ada, received now. */
  public static Delivery delivery(
      String guid, String event, @Nullable String action, String repository, String body) {
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
