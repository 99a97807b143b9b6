package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.Topic;
import dev.caravan.log.subscription.EventFilter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long answers take with a million deliveries. The numbers are printed, and held to what
 * docs/deliveries.md says, with room for a busy machine.
 */
@Tag("long")
class LargeLogSearchTest {
  private static final int COUNT = Integer.getInteger("search.deliveries", 1_000_000);
  private static final int ROUNDS = 5;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @TempDir Path data;

  @Test
  void firstPagesCountsAndDryRunsOfAMillionDeliveriesAreQuick() throws Exception {
    try (LogFixture log = new LogFixture(data)) {
      log.log().close();
      new MillionDeliveries(COUNT).fill(data.resolve("log.db"));
    }
    try (LogFixture log = new LogFixture(data)) {
      long began = System.nanoTime();
      log.log().index();
      report("index built in", Duration.ofNanos(System.nanoTime() - began));
      log.subscribe(log.wanted("ci", "*").settings(), attempt -> attempt.succeeded());
      queries()
          .forEach(
              (name, query) -> {
                Duration page = median(() -> log.history().list(query, 50));
                report("first page, " + name, page);
                Duration count = median(() -> log.history().count(query));
                report("count " + log.history().count(query) + ", " + name, count);
                assertThat(page).as("first page, " + name).isLessThan(Duration.ofMillis(300));
                assertThat(count).as("count, " + name).isLessThan(Duration.ofSeconds(3));
              });
      for (DeliveryQuery query :
          new DeliveryQuery[] {DeliveryQuery.ALL, queries().get("push of a repository")}) {
        long start = System.nanoTime(); // its work is done by another thread
        for (int round = 0; round < ROUNDS; round++) {
          ReplayProgress end = log.replay(new ReplayRequest(query, "ci", 100, true)).end().join();
          assertThat(end.scheduled().get("ci")).isPositive();
        }
        Duration dryRun = Duration.ofNanos((System.nanoTime() - start) / ROUNDS);
        report("dry run", dryRun);
      }
      report("dead letters grouped", median(() -> log.history().deadLetterGroups()));
    }
  }

  private static Map<String, DeliveryQuery> queries() {
    DeliveryQuery all = DeliveryQuery.ALL;
    Map<String, DeliveryQuery> queries = new LinkedHashMap<>();
    queries.put("all", all);
    queries.put("push", all.of(EventFilter.parse("push", null)));
    queries.put("the only star", all.of(EventFilter.parse("star", null)));
    queries.put("push of a repository", all.of(EventFilter.parse("push", "acme/repository-7")));
    queries.put("a rare repository", all.of(EventFilter.parse("*", "acme/rare")));
    queries.put("a sender", all.sentBy("person-9"));
    queries.put("a rare sender", all.sentBy("rarely"));
    queries.put(
        "an hour",
        all.received(
            MillionDeliveries.receivedAt(COUNT / 2),
            MillionDeliveries.receivedAt(COUNT / 2).plus(Duration.ofHours(1))));
    queries.put("a commit", all.about(Topic.parse(MillionDeliveries.commit(COUNT / 3))));
    queries.put(
        "a commit's first digits in a repository",
        all.of(EventFilter.parse("*", "acme/repository-*"))
            .about(Topic.parse(MillionDeliveries.commit(77).substring(0, 8))));
    queries.put("a pull request", all.about(Topic.parse("#77")));
    queries.put("a branch", all.about(Topic.parse("main")));
    queries.put("a guid", all.withGuid(MillionDeliveries.guid(COUNT / 4)));
    for (Outcome outcome : Outcome.values()) {
      queries.put(outcome + " of any", all.outcome(outcome, null));
      queries.put(outcome + " of ci", all.outcome(outcome, "ci"));
    }
    queries.put(
        "failed pushes of ci in a repository",
        all.of(EventFilter.parse("push", "acme/repository-7")).outcome(Outcome.FAILED, "ci"));
    queries.put(
        "dead letters by error",
        all.deadLettered(new DeadLetterFilter(null, null, "port 1 is closed")));
    queries.put(
        "dead letters of an hour",
        all.deadLettered(
            new DeadLetterFilter(
                MillionDeliveries.BEGIN, MillionDeliveries.BEGIN.plus(Duration.ofHours(1)), null)));
    return queries;
  }

  /** Of the processor's time, which says the same on a busy machine. */
  private static Duration median(Runnable question) {
    long[] nanos = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long began = THREADS.getCurrentThreadCpuTime();
      question.run();
      nanos[round] = THREADS.getCurrentThreadCpuTime() - began;
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[ROUNDS / 2]);
  }

  private static void report(String what, Duration took) {
    System.out.printf("%,9.1f ms  %s%n", took.toNanos() / 1e6, what);
  }
}
