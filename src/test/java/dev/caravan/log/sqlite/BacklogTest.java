package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a backlog of a million deliveries costs. Run it with {@code ./mvnw test -Pbacklog}; the
 * numbers are printed. What can be held on any machine is asserted: the accept rate in comparison,
 * the start, and, by the small heap it runs with, the memory.
 */
@Tag("backlog")
class BacklogTest {
  private static final int BACKLOG = Integer.getInteger("backlog.deliveries", 1_000_000);
  private static final int RARE_EVERY = 100_000;
  private static final int ROUND = 50_000;
  private static final int ROUNDS = 5;
  private static final int IN_FLIGHT = 256;
  private static final int PACED_PER_SECOND = 1_000;
  private static final int PACED_AT_LEAST = 10_000;
  private static final int PACED_AT_MOST = 300_000;

  @TempDir Path folder;
  private final PushEvents events = new PushEvents(42);
  private final ExecutorService executor = Executors.newCachedThreadPool();

  /** So that nothing is old before it is to be swept. */
  private volatile Duration behind = Duration.ofDays(9);

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void aMillionDeliveriesWaitForOneSubscriptionAndNobodyElseNotices() throws Exception {
    Path data = folder.resolve("backlog");
    try (SqliteDeliveryLog log = open(data)) {
      log.subscribe(settings("down", "*", 4), attempt -> {}); // never says how it went
      long processor = processorNanos();
      double rate = append(log, BACKLOG);
      double micros = processorMicrosEach(processor, BACKLOG);
      report(
          "appended %,d at %,.0f/s, %.0f µs of processor each, file %,d MB, %d bytes each; %s"
              .formatted(
                  BACKLOG,
                  rate,
                  micros,
                  Files.size(data.resolve("log.db")) >> 20,
                  Files.size(data.resolve("log.db")) / BACKLOG,
                  memory()));
      compareWithAnEmptyLog(log);
    }
    start(data);
  }

  private void compareWithAnEmptyLog(SqliteDeliveryLog full) throws Exception {
    double[] intoFull = new double[ROUNDS];
    double[] intoEmpty = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      intoFull[round] = append(full, ROUND);
      try (SqliteDeliveryLog empty = open(folder.resolve("empty" + round))) {
        empty.subscribe(settings("down", "*", 4), attempt -> {});
        intoEmpty[round] = append(empty, ROUND);
      }
      report(
          "round %d: into the backlog %,.0f/s, into an empty log %,.0f/s"
              .formatted(round, intoFull[round], intoEmpty[round]));
    }
    double ratio = medianRatio(intoFull, intoEmpty);
    report("accept rate, backlog to empty: %.2f; %s".formatted(ratio, memory()));
    assertThat(ratio).as("accept rate of the backlog to that of an empty log").isGreaterThan(0.9);
  }

  private void start(Path data) throws Exception {
    long began = System.nanoTime();
    SqliteDeliveryLog log = open(data);
    long all = BACKLOG + (long) ROUNDS * ROUND;
    CountDownLatch drained = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    AtomicLong count = new AtomicLong();
    log.subscribe(
        settings("down", "*", 4),
        attempt -> {
          first.countDown();
          if (attempt.delivery().body().length > 0 && count.incrementAndGet() == all) {
            drained.countDown();
          }
          attempt.succeeded();
        });
    report("open and subscribed in %d ms".formatted(millisSince(began)));
    first.await();
    assertThat(millisSince(began)).as("milliseconds to start").isLessThan(3000);
    report("first delivery after %d ms".formatted(millisSince(began)));
    long drain = System.nanoTime();
    long processor = processorNanos();
    while (!drained.await(5, TimeUnit.SECONDS)) {
      report("  drained %,d; %s".formatted(count.get(), memory()));
    }
    report(
        "drained %,d at %,.0f/s, %.0f µs of processor each; %s"
            .formatted(
                all,
                all * 1000.0 / millisSince(drain),
                processorMicrosEach(processor, all),
                memory()));
    rare(log);
    log.close();
  }

  private void rare(SqliteDeliveryLog log) throws Exception {
    CountDownLatch found = new CountDownLatch(BACKLOG / RARE_EVERY);
    long began = System.nanoTime();
    log.subscribe(
        settings("rare", "milestone", 4),
        attempt -> {
          found.countDown();
          attempt.succeeded();
        });
    assertThat(found.await(60, TimeUnit.SECONDS)).isTrue();
    report(
        "rare event caught up in %d ms, %d missing"
            .formatted(millisSince(began), found.getCount()));
  }

  @Test
  void retentionOfHalfOfThemIsHardlyNoticedByAppends() throws Exception {
    int old = BACKLOG / 2;
    Path data = folder.resolve("sweep");
    Retention week = new Retention(Duration.ofDays(7), 100L << 30);
    LogOptions options =
        TestLog.options(Dedupe.GUID, week, () -> Instant.now().minus(behind), System::nanoTime);
    try (SqliteDeliveryLog log = SqliteDeliveryLog.open(data, options)) {
      log.subscribe(settings("idle", "*", 4), attempt -> {}).close();
      append(log, old, Instant.now().minus(behind));
      long full = Files.size(data.resolve("log.db"));
      List<Double> without = paced(log, () -> false);
      behind = Duration.ZERO;
      long began = System.nanoTime();
      CompletableFuture<Void> sweep = CompletableFuture.runAsync(log::sweep);
      List<Double> with = paced(log, () -> !sweep.isDone());
      sweep.join();
      report(
          "swept %,d deliveries in %,d ms; file %,d MB before"
              .formatted(old, millisSince(began), full >> 20));
      report("append latency without a sweep: %s".formatted(percentiles(without)));
      report("append latency during the sweep: %s".formatted(percentiles(with)));
      Instant away = Instant.now();
      log.subscribe(settings("idle", "*", 4), Attempt::succeeded);
      report(
          "a subscription that was away returns in %d ms"
              .formatted(Duration.between(away, Instant.now()).toMillis()));
    }
    report("file after closing: %,d MB".formatted(Files.size(data.resolve("log.db")) >> 20));
  }

  /** Appends at a fixed rate, so that a stall shows in the latency and not in the rate. */
  private List<Double> paced(SqliteDeliveryLog log, BooleanSupplier more)
      throws InterruptedException {
    List<Double> millis = Collections.synchronizedList(new ArrayList<>());
    Semaphore ended = new Semaphore(0);
    long began = System.nanoTime();
    int count = 0;
    while (count < PACED_AT_LEAST || (more.getAsBoolean() && count < PACED_AT_MOST)) {
      long due = began + count * (1_000_000_000L / PACED_PER_SECOND);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      Delivery delivery = events.next(Instant.now());
      var unused =
          log.append(delivery)
              .whenComplete(
                  (receipt, error) -> {
                    millis.add((System.nanoTime() - due) / 1e6);
                    ended.release();
                  });
      count++;
    }
    ended.acquire(count);
    return millis;
  }

  private static String percentiles(List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    return "p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms of %,d"
        .formatted(
            sorted.get(sorted.size() / 2),
            sorted.get(sorted.size() * 99 / 100),
            sorted.get(sorted.size() * 999 / 1000),
            sorted.get(sorted.size() - 1),
            sorted.size());
  }

  private double append(SqliteDeliveryLog log, int count) throws InterruptedException {
    return append(log, count, null);
  }

  private double append(SqliteDeliveryLog log, int count, @Nullable Instant receivedAt)
      throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    long began = System.nanoTime();
    for (int index = 1; index <= count; index++) {
      Instant at = receivedAt == null ? Instant.now() : receivedAt;
      Delivery delivery = index % RARE_EVERY == 0 ? events.rare(at) : events.next(at);
      room.acquire();
      var unused = log.append(delivery).whenComplete((receipt, error) -> room.release());
    }
    room.acquire(IN_FLIGHT);
    return count * 1e9 / (System.nanoTime() - began);
  }

  private SubscriptionSettings settings(String name, String wanted, int concurrency) {
    return TestLog.wanted(name, wanted, executor)
        .concurrency(concurrency)
        .startFrom(StartFrom.BEGINNING)
        .retry(RetryPolicy.DEFAULT)
        .settings();
  }

  private static SqliteDeliveryLog open(Path data) {
    return SqliteDeliveryLog.open(data, TestLog.OPTIONS);
  }

  /** Processor time of the whole program so far, which other programs do not lengthen much. */
  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double processorMicrosEach(long since, long count) {
    return (processorNanos() - since) / 1000.0 / count;
  }

  private static String memory() throws IOException {
    long resident = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        resident = Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    return "heap %d MB, resident %d MB".formatted(heap(), resident);
  }

  /** Of rounds that ran one after the other, so that what else the machine does counts for both. */
  private static double medianRatio(double[] values, double[] others) {
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, index -> values[index] / others[index]);
    Arrays.sort(ratios);
    return ratios[ratios.length / 2];
  }

  private static long heap() {
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private static void report(String line) {
    System.out.println("[backlog] " + line);
  }
}
