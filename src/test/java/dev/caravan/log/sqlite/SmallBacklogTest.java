package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Kept;
import dev.caravan.log.Kept.DeadLetter;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link BacklogTest} measures with a million deliveries, held with thousands. */
class SmallBacklogTest {
  private static final int BACKLOG =
      12_000; // less a tenth still more than a subscription looks ahead

  @TempDir Path data;
  private final PushEvents events = new PushEvents(11);
  private volatile Duration passed = Duration.ZERO;

  @Test
  void aBacklogIsRunOnceAndInOrderWithinEachRepository() {
    try (LogFixture log = new LogFixture(data)) {
      Recorder healthy = new Recorder();
      log.subscribe(log.wanted("healthy", "*").settings(), healthy);
      log.subscribe(log.wanted("down", "*").concurrency(2).settings(), attempt -> {});
      List<Delivery> sent = append(log, BACKLOG);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(healthy.guids).hasSize(BACKLOG));

      log.restart();
      Map<String, List<String>> run = new ConcurrentHashMap<>();
      log.subscribe(log.wanted("down", "*").settings(), perRepository(run));

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(count(run)).isEqualTo(BACKLOG));
      assertThat(run).isEqualTo(perRepository(sent));
    }
  }

  @Test
  void aSubscriptionToARareEventFindsItInABacklog() {
    try (LogFixture log = new LogFixture(data)) {
      append(log, BACKLOG / 10);
      Delivery first = events.rare(Instant.now());
      log.append(first);
      append(log, BACKLOG / 10);
      Delivery second = events.rare(Instant.now());
      log.append(second);
      Recorder recorder = new Recorder();

      log.subscribe(
          log.wanted("rare", "milestone").startFrom(StartFrom.BEGINNING).settings(), recorder);

      await()
          .untilAsserted(
              () -> assertThat(recorder.guids).containsExactly(first.guid(), second.guid()));
    }
  }

  /** Whatever retention, the cursor, and the appends do at once: run, or dead and listed. */
  @Test
  void whileRetentionSweepsEveryDeliveryIsRunOrDeadLettered() {
    LogOptions options =
        TestLog.options(
            Dedupe.GUID,
            new Retention(Duration.ofDays(7), 1 << 30),
            () -> Instant.now().plus(passed),
            System::nanoTime);
    try (LogFixture log = new LogFixture(data, options)) {
      Recorder slow = new Recorder();
      List<Attempt> held = new CopyOnWriteArrayList<>();
      Subscription subscription =
          log.subscribe(
              log.wanted("slow", "*").settings(),
              attempt -> {
                if (slow.guids.size() < BACKLOG / 10 || !passed.isZero()) {
                  slow.handle(attempt);
                } else {
                  held.add(attempt);
                }
              });
      Set<String> sent = new TreeSet<>(guids(append(log, BACKLOG)));
      await().until(() -> held.size() == 4);

      passed = Duration.ofDays(7);
      CompletableFuture<Void> sweep = CompletableFuture.runAsync(log.log()::sweep);
      List<Delivery> later = append(log, BACKLOG / 3);
      sent.addAll(guids(later));
      held.forEach(Attempt::succeeded);
      sweep.orTimeout(60, TimeUnit.SECONDS).join();

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Set.copyOf(slow.guids).containsAll(guids(later))); // a list looks at each
      await().untilAsserted(() -> assertThat(subscription.status().waiting()).isZero());
      Set<String> known = new TreeSet<>(slow.guids);
      held.forEach(attempt -> known.add(attempt.delivery().guid()));
      List<String> dead =
          Kept.deadLetters(log.history(), "slow").stream().map(DeadLetter::guid).toList();
      known.addAll(dead);
      assertThat(known).isEqualTo(sent);
      assertThat(Collections.disjoint(dead, Set.copyOf(slow.guids))).as("dead and run").isTrue();
    }
  }

  private List<Delivery> append(LogFixture log, int count) {
    List<Delivery> sent = new ArrayList<>();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = events.next(Instant.now().plus(passed));
      sent.add(delivery);
      receipts.add(log.log().append(delivery));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
    return sent;
  }

  private static List<String> guids(List<Delivery> deliveries) {
    return deliveries.stream().map(Delivery::guid).toList();
  }

  private static DeliveryHandler perRepository(Map<String, List<String>> run) {
    return attempt -> {
      run.computeIfAbsent(
              attempt.delivery().subject().repository(), name -> new CopyOnWriteArrayList<>())
          .add(attempt.delivery().guid());
      attempt.succeeded();
    };
  }

  private static Map<String, List<String>> perRepository(List<Delivery> deliveries) {
    return deliveries.stream()
        .collect(
            Collectors.groupingBy(
                delivery -> delivery.subject().repository(),
                Collectors.mapping(Delivery::guid, Collectors.toList())));
  }

  private static int count(Map<String, List<String>> run) {
    return run.values().stream().mapToInt(List::size).sum();
  }
}
