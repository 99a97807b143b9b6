package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Kept;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.SubscriptionOutcome.State;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deliveries and redeliveries while a route comes, changes and goes, attempts succeed, fail and
 * hang, retention takes bodies and the log is closed and opened, in an order that a seed decides.
 * Whatever happens, what failed is known to have failed for as long as its GUID is, and what GitHub
 * sends again runs unless it is completed.
 */
class RetentionAndReloadsTest {
  private static final int STEPS = 60;
  private static final Duration GUIDS_KEPT = Duration.ofDays(8);

  @TempDir Path data;
  private volatile Duration passed = Duration.ZERO;
  private Random random;
  private LogFixture log;
  private Subscription subscription;
  private AtomicBoolean closed = new AtomicBoolean();
  private final Map<String, Delivery> deliveries = new HashMap<>();
  private final Map<String, Instant> sent = new HashMap<>();

  /** Came again when they may have been forgotten: nothing is known of what they do. */
  private final Set<String> perhapsNew = new HashSet<>();

  private final Set<String> succeeded = ConcurrentHashMap.newKeySet();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final Set<Attempt> hanging = ConcurrentHashMap.newKeySet();
  private final List<String> ranAtLast = new ArrayList<>();

  static List<Long> someSeeds() {
    return new Random().longs(4).boxed().toList();
  }

  static List<Long> manySeeds() {
    return new Random().longs(150).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("someSeeds")
  void nothingIsForgottenOrTakenForCompleted(long seed) {
    run(seed);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void nothingIsForgottenOrTakenForCompletedInManyRuns(long seed) {
    run(seed);
  }

  private void run(long seed) {
    random = new Random(seed);
    log =
        new LogFixture(
            data,
            TestLog.options(
                Dedupe.GUID,
                new Retention(Duration.ofHours(12), 1 << 30),
                this::now,
                () -> System.nanoTime() + passed.toNanos()));
    try {
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      settle();
      whatFailedIsStillKnown(seed);
      whatIsSentAgainRunsUnlessItIsCompleted(seed);
    } finally {
      log.close();
    }
  }

  private void step() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> append(fresh());
      case 4, 5 -> sendAgain();
      case 6 -> open(random.nextBoolean() ? "push" : "push,issues");
      case 7 -> close();
      case 8 -> endOne();
      case 9 -> passed = passed.plusMinutes(random.nextInt(20));
      case 10 -> {
        passed = passed.plusHours(random.nextInt(24));
        log.log().sweep();
      }
      default -> {
        if (random.nextInt(4) == 0) {
          settle();
          log.restart();
        } else {
          log.log().sweep();
        }
      }
    }
  }

  private Delivery fresh() {
    return TestLog.delivery(
        "guid-" + sent.size(),
        random.nextBoolean() ? "push" : "issues",
        null,
        "acme/" + random.nextInt(3),
        "{\"number\":" + sent.size() + "}");
  }

  private void sendAgain() {
    if (!sent.isEmpty()) {
      append(deliveries.get("guid-" + random.nextInt(sent.size())));
    }
  }

  private void append(Delivery delivery) {
    deliveries.put(delivery.guid(), delivery);
    if (sent.putIfAbsent(delivery.guid(), now()) != null && isForgotten(delivery.guid())) {
      perhapsNew.add(delivery.guid());
    }
    log.append(
        new Delivery(
            delivery.guid(),
            delivery.event(),
            delivery.subject(),
            now(),
            delivery.headers(),
            delivery.encoding(),
            delivery.body()));
  }

  private void open(String events) {
    close();
    for (Attempt attempt : Set.copyOf(hanging)) {
      hanging.remove(attempt);
      attempt.failed(new IllegalStateException("cut off"));
    }
    AtomicBoolean over = new AtomicBoolean();
    closed = over;
    subscription =
        log.subscribe(
            log.wanted("ci", events).retry(2, Duration.ofDays(30)).settings(),
            attempt -> handle(attempt, over));
  }

  private synchronized void close() {
    closed.set(true);
    if (subscription != null) {
      subscription.close();
      subscription = null;
    }
  }

  private synchronized void handle(Attempt attempt, AtomicBoolean over) {
    String guid = attempt.delivery().guid();
    if (over.get()) {
      attempt.failed(new IllegalStateException("cut off"));
      return;
    }
    switch (Math.floorMod(guid.hashCode() + attempt.number() * 31 + sent.size(), 5)) {
      case 0, 1 -> {
        failed.add(guid);
        attempt.failed(new IllegalStateException("down"));
      }
      case 2 -> hanging.add(attempt);
      default -> {
        succeeded.add(guid);
        attempt.succeeded();
      }
    }
  }

  private void endOne() {
    hanging.stream()
        .findFirst()
        .ifPresent(
            attempt -> {
              hanging.remove(attempt);
              succeeded.add(attempt.delivery().guid());
              attempt.succeeded();
            });
  }

  /** Nothing is in work any more, and all that was said is on disk. */
  private void settle() {
    if (subscription != null) {
      Subscription running = subscription;
      await()
          .until(
              () -> {
                endAll();
                return !running.status().behind()
                    && running.status().running() == 0
                    && running.status().waiting() == 0;
              });
    }
    endAll();
    close();
  }

  private void endAll() {
    for (Attempt attempt : Set.copyOf(hanging)) {
      hanging.remove(attempt);
      succeeded.add(attempt.delivery().guid());
      attempt.succeeded();
    }
  }

  private void whatFailedIsStillKnown(long seed) {
    log.restart();
    Map<String, DeliverySummary> known = new HashMap<>();
    Kept.newest(log.history(), 1000).forEach(summary -> known.put(summary.guid(), summary));
    for (String guid : failed) {
      if (succeeded.contains(guid) || isForgotten(guid) || perhapsNew.contains(guid)) {
        continue;
      }
      assertThat(known.get(guid).outcomes())
          .as("seed %d: %s failed and never succeeded", seed, guid)
          .extracting(outcome -> outcome.state())
          .containsAnyOf(State.WAITING, State.DEAD_LETTER);
    }
  }

  private void whatIsSentAgainRunsUnlessItIsCompleted(long seed) {
    Set<String> before = new HashSet<>(succeeded);
    Subscription last =
        log.subscribe(
            log.wanted("ci", "push,issues").retry(2, Duration.ofDays(30)).settings(),
            attempt -> {
              synchronized (ranAtLast) {
                ranAtLast.add(attempt.delivery().guid());
              }
              succeeded.add(attempt.delivery().guid());
              attempt.succeeded();
            });
    List.copyOf(deliveries.values()).forEach(this::append);
    await()
        .untilAsserted(
            () -> assertThat(succeeded).as("seed %d", seed).containsAll(deliveries.keySet()));
    await().until(() -> last.status().running() == 0 && last.status().waiting() == 0);
    synchronized (ranAtLast) {
      assertThat(ranAtLast)
          .as("seed %d: what was completed before", seed)
          .noneMatch(guid -> before.contains(guid) && !perhapsNew.contains(guid));
    }
  }

  private boolean isForgotten(String guid) {
    return sent.get(guid).plus(GUIDS_KEPT).isBefore(now().plusSeconds(10));
  }

  private Instant now() {
    return Instant.now().plus(passed);
  }
}
