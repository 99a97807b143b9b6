package dev.caravan.log;

import static dev.caravan.log.TestLog.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every log promises of replays. */
public abstract class ReplayContract extends LogContract {
  /**
   * Each replay finds what came during the one before, so traffic without end makes each longer.
   */
  private static final int MOST_TRAFFIC = 1000;

  private static final int FAST = ReplayRequest.MOST_PER_SECOND;

  @Test
  void aCompletedDeliveryIsReplayedByItsGuid() {
    Recorder ci = running("ci", "*");
    appendAndComplete(ci, "one", "two", "three");

    ReplayProgress end = replay(DeliveryQuery.ALL.withGuid("two"), null);

    assertThat(end.matched()).isEqualTo(1);
    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 1L));
    await().untilAsserted(() -> assertThat(ci.guids).endsWith("three", "two").hasSize(4));
  }

  @Test
  void aReplayGoesToTheSubscriptionNamedAndToNoOther() {
    Recorder ci = running("ci", "*");
    Recorder cd = running("cd", "*");
    appendAndComplete(ci, "one");
    await().until(() -> cd.guids.size() == 1);

    replay(DeliveryQuery.ALL, "cd");

    await().untilAsserted(() -> assertThat(cd.guids).containsExactly("one", "one"));
    assertThat(ci.guids).containsExactly("one");
  }

  @Test
  void aReplayGoesToEverySubscriptionThatWantsTheEvent() {
    Recorder ci = running("ci", "push");
    Recorder pings = running("pings", "ping");
    appendAndComplete(ci, "one");

    ReplayProgress end = replay(DeliveryQuery.ALL, null);

    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 1L, "pings", 0L));
    await().untilAsserted(() -> assertThat(ci.guids).containsExactly("one", "one"));
    assertThat(pings.guids).isEmpty();
  }

  @Test
  void aDeliveryThatTheSubscriptionDoesNotWantIsCountedApart() {
    running("pings", "ping");
    log.append(delivery("one", "push", null, "a/b", "{}"));

    ReplayProgress end = replay(DeliveryQuery.ALL.withGuid("one"), "pings");

    assertThat(end.matched()).isEqualTo(1);
    assertThat(end.notWanted()).isEqualTo(1);
    assertThat(end.scheduled()).isEqualTo(Map.of("pings", 0L));
  }

  @Test
  void aReplayedDeadLetterIsOneNoLonger() {
    AtomicBoolean down = new AtomicBoolean(true);
    List<Integer> numbers = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "*").retry(1, Duration.ZERO).settings(),
        attempt -> {
          numbers.add(attempt.number());
          if (down.get()) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    Recorder other = running("other", "*");
    for (int index = 0; index < 20; index++) {
      log.append(delivery("d" + index, "push", null, "a/" + index % 3, "{}"));
    }
    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 20);
    await().until(() -> other.guids.size() == 20);
    down.set(false);

    ReplayProgress end = replay(DeliveryQuery.ALL.outcome(Outcome.DEAD_LETTER, null), null);

    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 20L, "other", 0L));
    assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty();
    await().untilAsserted(() -> assertThat(numbers).hasSize(40));
    assertThat(numbers).containsOnly(1);
    await()
        .untilAsserted(
            () ->
                assertThat(log.history().count(DeliveryQuery.ALL.outcome(Outcome.COMPLETED, "ci")))
                    .isEqualTo(20));
    assertThat(other.guids).hasSize(20);
  }

  @Test
  void aReplayThatFailsIsRetriedAndDeadLetteredLikeAnyOther() {
    AtomicBoolean down = new AtomicBoolean();
    AtomicInteger failures = new AtomicInteger();
    log.subscribe(
        log.wanted("ci", "*").retry(2, Duration.ofMillis(1)).settings(),
        attempt -> {
          if (down.get()) {
            failures.incrementAndGet();
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    log.append(delivery("one", "push", null, "a/b", "{}"));
    await().until(() -> Kept.attempts(log.history(), "one").size() == 1);
    down.set(true);

    replay(DeliveryQuery.ALL, null);

    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 1);
    assertThat(failures).hasValue(2);
  }

  @Test
  void aDryRunCountsWhatTheRealRunThenDoes() {
    Recorder ci = running("ci", "push");
    Recorder cd = running("cd", "*");
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("stuck", "*").concurrency(1).settings(), held::add);
    for (int index = 0; index < 700; index++) {
      log.append(
          delivery("d" + index, index % 3 == 0 ? "push" : "ping", null, "a/" + index % 7, "{}"));
    }
    await().until(() -> cd.guids.size() == 700);
    DeliveryQuery query = DeliveryQuery.ALL.of(EventFilter.parse("*", "a/3"));

    ReplayProgress dry = end(new ReplayRequest(query, null, FAST, true));
    assertThat(dry.lastDueAt()).isNull();
    assertThat(log.history().subscriptions()).allMatch(known -> known.due() == 0);
    ReplayProgress real = end(new ReplayRequest(query, null, FAST, false));

    assertThat(dry.matched()).isEqualTo(100);
    assertThat(real.matched()).isEqualTo(dry.matched());
    assertThat(real.scheduled()).isEqualTo(dry.scheduled());
    assertThat(real.scheduled()).containsEntry("cd", 100L).containsEntry("stuck", 0L);
    assertThat(real.alreadyWaiting()).isEqualTo(dry.alreadyWaiting()).isEqualTo(100);
    await().until(() -> cd.guids.size() == 800);
    await()
        .untilAsserted(
            () -> assertThat(ci.guids).hasSize(234 + real.scheduled().get("ci").intValue()));
  }

  @Test
  void replaysRunNoFasterThanTheirRate() {
    Recorder ci = running("ci", "*");
    String[] guids = new String[31];
    for (int index = 0; index < guids.length; index++) {
      guids[index] = "d" + index;
    }
    appendAndComplete(ci, guids);

    long start = System.nanoTime();
    end(new ReplayRequest(DeliveryQuery.ALL, null, 50, false));
    await().pollInterval(Duration.ofMillis(5)).until(() -> ci.guids.size() == 62);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(590));
  }

  @Test
  void severalPositionsAreOneReplayAndNothingBetweenThemRuns() {
    Recorder ci = running("ci", "*");
    String first = log.append(delivery("one", "push", null, "a/b", "{}"));
    log.append(delivery("two", "push", null, "a/b", "{}"));
    String third = log.append(delivery("three", "push", null, "a/b", "{}"));
    await().until(() -> ci.guids.size() == 3);

    ReplayProgress end = replay(DeliveryQuery.ALL.at(third + "," + first), "ci");

    assertThat(end.matched()).isEqualTo(2);
    await()
        .untilAsserted(
            () -> assertThat(ci.guids).containsExactly("one", "two", "three", "one", "three"));
    assertThat(log.log().replays()).hasSize(1);
  }

  @Test
  void aReplayKeepsTheOrderWithinALane() {
    Recorder ci = running("ci", "*");
    List<String> guids = new ArrayList<>();
    for (int index = 0; index < 900; index++) {
      guids.add("d" + index);
    }
    appendAndComplete(ci, guids.toArray(String[]::new));

    replay(DeliveryQuery.ALL, null);

    await().until(() -> ci.guids.size() == 1800);
    assertThat(ci.guids.subList(900, 1800)).isEqualTo(guids);
  }

  @Test
  void aReplayDuringTrafficKeepsToLanesAndRunsNothingTwice() {
    Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
    AtomicInteger overlaps = new AtomicInteger();
    log.subscribe(
        log.wanted("ci", "*").concurrency(8).settings(),
        attempt -> {
          Delivery delivery = attempt.delivery();
          runs.computeIfAbsent(delivery.guid(), guid -> new AtomicInteger()).incrementAndGet();
          AtomicInteger lane =
              running.computeIfAbsent(
                  String.valueOf(delivery.subject().repository()), name -> new AtomicInteger());
          if (lane.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
          }
          ForkJoinPool.commonPool()
              .execute(
                  () -> {
                    lane.decrementAndGet();
                    attempt.succeeded();
                  });
        });
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger appended = new AtomicInteger();
    CompletableFuture<Void> traffic =
        CompletableFuture.runAsync(
            () -> {
              while (!stop.get() && appended.get() < MOST_TRAFFIC) {
                int index = appended.getAndIncrement();
                log.append(delivery("d" + index, "push", null, "a/" + index % 4, "{}"));
              }
            });
    long scheduled = 0;
    await().until(() -> appended.get() > 100);
    for (int round = 0; round < 4; round++) {
      scheduled += replay(DeliveryQuery.ALL, null).scheduled().get("ci");
    }
    stop.set(true);
    traffic.join();

    long expected = appended.get() + scheduled;
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(total(runs)).isEqualTo(expected));
    assertThat(overlaps).hasValue(0);
    assertThat(scheduled).isPositive();
    assertThat(runs).hasSize(appended.get());
  }

  @Test
  void aReplayLeavesToTheCursorWhatThatHasYetToRun() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("ci", "*").concurrency(1).orderBy(OrderBy.NONE).settings(), held::add);
    for (int index = 0; index < 10; index++) {
      log.append(delivery("d" + index, "push", null, "a/b", "{}"));
    }
    await().until(() -> held.size() == 1);

    ReplayProgress end = replay(DeliveryQuery.ALL, "ci");
    assertThat(end.alreadyWaiting()).isEqualTo(10);
    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 0L));
  }

  @Test
  void aReplayOutlivesARestart() {
    Recorder before = running("ci", "*");
    appendAndComplete(before, "one", "two");
    log.log().pause("ci");
    replay(DeliveryQuery.ALL, null);

    log.restart();
    Recorder after = running("ci", "*");
    log.log().resume("ci");

    await().untilAsserted(() -> assertThat(after.guids).containsExactly("one", "two"));
    assertThat(before.guids).hasSize(2);
  }

  @Test
  void anIdleSubscriptionGetsAReplayOnlyWhenItIsNamedAndRunsItWhenItIsBack() {
    Recorder before = running("ci", "*");
    appendAndComplete(before, "one", "two");
    log.restart();
    running("other", "*");

    assertThat(replay(DeliveryQuery.ALL, null).scheduled()).containsOnlyKeys("other");
    ReplayProgress end = replay(DeliveryQuery.ALL.withGuid("two"), "ci");
    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 1L));

    Recorder after = running("ci", "*");
    await().untilAsserted(() -> assertThat(after.guids).containsExactly("two"));
  }

  @Test
  void withoutARunningSubscriptionAReplayMustNameOne() {
    running("ci", "*");
    log.restart();

    assertThatThrownBy(() -> replay(DeliveryQuery.ALL, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Name one: ci.");
    assertThatThrownBy(() -> replay(DeliveryQuery.ALL, "cd"))
        .hasMessage("There is no subscription 'cd'. Known subscriptions: ci.");
    assertThat(log.log().trouble()).isEmpty();
  }

  @Test
  void aRetryThatWaitsIsReplayedAtOnceAndFromItsFirstAttempt() {
    AtomicBoolean down = new AtomicBoolean(true);
    List<Integer> numbers = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "*").retry(9, Duration.ofHours(1)).settings(),
        attempt -> {
          numbers.add(attempt.number());
          if (down.get()) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    log.append(delivery("one", "push", null, "a/b", "{}"));
    await().until(() -> Kept.attempts(log.history(), "one").size() == 1);
    down.set(false);

    replay(DeliveryQuery.ALL.outcome(Outcome.WAITING, null), null);

    await().untilAsserted(() -> assertThat(numbers).containsExactly(1, 1));
  }

  @Test
  void aRetryThatHoldsItsLaneIsReplayedBeforeThoseBehindIt() {
    AtomicBoolean down = new AtomicBoolean(true);
    List<String> done = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "*").strict().retry(9, Duration.ofHours(1)).settings(),
        attempt -> {
          if (down.get()) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            done.add(attempt.delivery().guid());
            attempt.succeeded();
          }
        });
    log.append(delivery("one", "push", null, "a/b", "{}"));
    log.append(delivery("two", "push", null, "a/b", "{}"));
    await().until(() -> Kept.attempts(log.history(), "one").size() == 1);
    down.set(false);

    replay(DeliveryQuery.ALL.withGuid("one"), "ci");

    await().untilAsserted(() -> assertThat(done).containsExactly("one", "two"));
  }

  @Test
  void aCancelledReplaySchedulesNoMore() {
    Recorder ci = running("ci", "*");
    appendAndComplete(ci, "one");
    var replay = log.replay(new ReplayRequest(DeliveryQuery.ALL, null, FAST, false));
    replay.cancel();

    ReplayProgress end = replay.end().orTimeout(20, TimeUnit.SECONDS).join();

    assertThat(end.state()).isIn(State.CANCELLED, State.DONE);
  }

  @Test
  void aCancelledReplayTakesBackWhatHasNotBegun() {
    Recorder ci = running("ci", "*");
    appendAndComplete(ci, "one", "two", "three");
    var replay = log.replay(new ReplayRequest(DeliveryQuery.ALL, "ci", 1, false));
    replay.end().orTimeout(20, TimeUnit.SECONDS).join();
    long waiting = log.history().count(DeliveryQuery.ALL.outcome(Outcome.WAITING, "ci"));
    assertThat(waiting).isPositive();

    replay.cancel();

    await()
        .untilAsserted(
            () ->
                assertThat(log.history().count(DeliveryQuery.ALL.outcome(Outcome.WAITING, "ci")))
                    .isZero());
    assertThat(replay.progress().takenBack()).isPositive();
    assertThat(replay.progress().state()).isEqualTo(State.CANCELLED);
    assertThat(log.history().count(DeliveryQuery.ALL.outcome(Outcome.COMPLETED, "ci")))
        .isEqualTo(3);
  }

  @Test
  void whatACancelledReplayHasScheduledDoesNotRunAfterAStopAtThatMoment() {
    Recorder before = running("ci", "*");
    appendAndComplete(
        before, IntStream.range(0, 1000).mapToObj(index -> "d" + index).toArray(String[]::new));
    log.log().pause("ci");
    var replay = log.replay(new ReplayRequest(DeliveryQuery.ALL, "ci", FAST, false));
    assertThat(replay.end().orTimeout(20, TimeUnit.SECONDS).join().scheduled())
        .isEqualTo(Map.of("ci", 1000L));

    replay.cancel();
    log.restart();

    running("ci", "*");
    await().until(() -> log.history().subscriptions().get(0).due() == 0);
  }

  @Test
  void aDeadLetterWhoseReplayIsTakenBackIsOneAgain() {
    log.subscribe(
        log.wanted("ci", "*").retry(1, Duration.ZERO).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    log.append(delivery("one", "push", null, "a/b", "{}"));
    log.append(delivery("two", "push", null, "a/c", "{}"));
    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 2);
    log.log().pause("ci");
    var replay = log.replay(new ReplayRequest(DeliveryQuery.ALL, "ci", FAST, false));
    replay.end().orTimeout(20, TimeUnit.SECONDS).join();
    assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty();

    replay.cancel();

    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 2);
    assertThat(Kept.deadLetters(log.history(), "ci"))
        .allSatisfy(dead -> assertThat(dead.error()).contains("down"));
    log.log().resume("ci");
    assertThat(log.history().subscriptions().get(0).due()).isZero();
  }

  @Test
  void aRetryThatWaitsRunsNowWhenThatIsAskedFor() {
    List<Integer> numbers = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "*").retry(5, Duration.ofHours(1)).settings(),
        attempt -> {
          numbers.add(attempt.number());
          if (attempt.number() == 1) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    log.append(delivery("one", "push", null, "a/b", "{}"));
    await().until(() -> log.history().subscriptions().get(0).nextDueAt() != null);

    assertThat(log.log().retryNow("ci")).isEqualTo(1);

    await().untilAsserted(() -> assertThat(numbers).containsExactly(1, 2));
    assertThat(log.log().retryNow("ci")).isZero();
    assertThatThrownBy(() -> log.log().retryNow("nobody"))
        .isInstanceOf(UnknownSubscriptionException.class);
  }

  @Test
  void aRepeatThatDiffersIsNotReplayed() {
    Recorder ci = running("ci", "*");
    appendAndComplete(ci, "one");
    log.append(delivery("one", "push", null, "a/b", "{\"other\":1}"));

    assertThat(replay(DeliveryQuery.ALL.withGuid("one"), null).matched()).isEqualTo(1);
  }

  protected Recorder running(String name, String events) {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted(name, events).settings(), recorder);
    return recorder;
  }

  /** All of one lane. */
  protected void appendAndComplete(Recorder recorder, String... guids) {
    int before = recorder.guids.size();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (String guid : guids) {
      receipts.add(log.log().append(delivery(guid, "push", null, "a/b", "{}")));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
    await().until(() -> recorder.guids.size() == before + guids.length);
  }

  protected ReplayProgress replay(DeliveryQuery query, String subscription) {
    return end(new ReplayRequest(query, subscription, FAST, false));
  }

  protected ReplayProgress end(ReplayRequest request) {
    ReplayProgress end = log.replay(request).end().orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(end.error()).isNull();
    assertThat(end.state()).isEqualTo(State.DONE);
    return end;
  }

  protected static long total(Map<String, AtomicInteger> runs) {
    return runs.values().stream().mapToLong(AtomicInteger::get).sum();
  }
}
