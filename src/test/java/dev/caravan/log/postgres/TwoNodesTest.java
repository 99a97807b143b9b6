package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class TwoNodesTest extends FirstNode {

  @Test
  void oneNodeRunsWhatItAppends() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    List<String> guids = new ArrayList<>();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int index = 0; index < 300; index++) {
      Delivery delivery = push("acme/rocket");
      guids.add(delivery.guid());
      receipts.add(log.log().append(delivery));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactlyElementsOf(guids));
    log.restart();
    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), after);
    Delivery last = push("acme/rocket");
    log.append(last);
    await().untilAsserted(() -> assertThat(after.guids).containsExactly(last.guid()));
  }

  @Test
  void twoNodesShareTheRepositoriesAndEachDeliveryRunsOnce() {
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    List<String> guids = new ArrayList<>();
    try (PostgresDeliveryLog other =
        PostgresDeliveryLog.open(engine.place("other"), TestLog.OPTIONS)) {
      log.subscribe(log.wanted("ci", "*").startFrom(StartFrom.BEGINNING).settings(), first);
      other.subscribe(log.wanted("ci", "*").startFrom(StartFrom.BEGINNING).settings(), second);
      awaitBothShare(other);
      for (int index = 0; index < 200; index++) {
        Delivery delivery = push("acme/" + index % 20);
        guids.add(delivery.guid());
        (index % 2 == 0 ? log.log() : other).append(delivery).join();
      }

      await()
          .untilAsserted(
              () -> {
                List<String> all = new ArrayList<>(first.guids);
                all.addAll(second.guids);
                assertThat(all).containsExactlyInAnyOrderElementsOf(guids);
              });
      assertThat(first.guids).isNotEmpty();
      assertThat(second.guids).isNotEmpty();
    }
  }

  @Test
  void oneGuidAtTwoNodesAtOnceRunsOnce() {
    Recorder recorder = new Recorder();
    List<String> guids = new ArrayList<>();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    try (PostgresDeliveryLog other =
        PostgresDeliveryLog.open(engine.place("other"), TestLog.OPTIONS)) {
      log.subscribe(log.wanted("ci", "*").settings(), recorder);
      other.subscribe(log.wanted("ci", "*").settings(), recorder);
      awaitBothShare(other);
      for (int index = 0; index < 200; index++) {
        Delivery delivery = push("acme/" + index % 20);
        guids.add(delivery.guid());
        receipts.add(log.log().append(delivery));
        receipts.add(other.append(delivery));
      }
      receipts.forEach(CompletableFuture::join);

      await().until(() -> engine.count("attempt") == 200);
      assertThat(recorder.guids).containsExactlyInAnyOrderElementsOf(guids);
      assertThat(engine.number("SELECT sum(repeats) FROM delivery")).isEqualTo(200);
    }
  }

  /** The other looks by itself every twelve seconds: it follows when it is told. */
  @Test
  void aPauseIsSeenByAllNodesBeforeItReturnsWhichIsSoon() {
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    try (PostgresDeliveryLog other =
        PostgresDeliveryLog.open(engine.place("other", Duration.ofMinutes(1)), TestLog.OPTIONS)) {
      log.subscribe(log.wanted("ci", "*").settings(), first);
      Subscription there = other.subscribe(log.wanted("ci", "*").settings(), second);
      awaitBothShare(other);

      long asked = System.nanoTime();
      log.log().pause("ci");
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
      assertThat(there.status().paused()).isTrue();
      for (int index = 0; index < 40; index++) {
        other.append(push("acme/" + index)).join();
      }
      assertThat(first.guids).isEmpty();
      assertThat(second.guids).isEmpty();

      other.resume("ci");
      await()
          .untilAsserted(() -> assertThat(first.guids.size() + second.guids.size()).isEqualTo(40));
    }
  }

  @Test
  void whatComesAgainToAnotherNodeRunsAgainWhereItWasDeadLettered() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    Set<String> ran = ConcurrentHashMap.newKeySet();
    DeliveryHandler handler =
        attempt -> {
          if (seen.add(attempt.delivery().guid())) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            ran.add(attempt.delivery().guid());
            attempt.succeeded();
          }
        };
    List<Delivery> sent = new ArrayList<>();
    try (PostgresDeliveryLog other =
        PostgresDeliveryLog.open(engine.place("other"), TestLog.OPTIONS)) {
      log.subscribe(log.wanted("ci", "*").retry(1, Duration.ZERO).settings(), handler);
      other.subscribe(log.wanted("ci", "*").retry(1, Duration.ZERO).settings(), handler);
      awaitBothShare(other);
      for (int index = 0; index < 20; index++) {
        sent.add(push("acme/" + index));
        log.append(sent.get(index));
      }
      await().until(() -> Kept.deadLetters(other.history(), "ci").size() == 20);

      sent.forEach(delivery -> other.append(delivery).join());

      await().until(() -> ran.size() == 20);
      await().until(() -> Kept.deadLetters(log.history(), "ci").isEmpty());
    }
  }

  @Test
  void whatWasReadWhileItsShardsWereLostDoesNotBegin() throws Exception {
    Recorder recorder = new Recorder();
    List<String> guids = new ArrayList<>();
    try (PostgresDeliveryLog other =
        PostgresDeliveryLog.open(engine.place("other"), TestLog.OPTIONS)) {
      log.subscribe(log.wanted("ci", "*").concurrency(16).settings(), recorder);
      log.log().pause("ci");
      for (int index = 0; index < 16; index++) {
        Delivery delivery = push("acme/" + index);
        guids.add(delivery.guid());
        other.append(delivery).join();
      }
    }
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE content IN ACCESS EXCLUSIVE MODE");
      log.log().resume("ci");
      await().until(() -> engine.waitingForLocks() > 0);
      long before = engine.number("SELECT max(id) FROM node");
      engine.execute("UPDATE node SET given_up = true");
      await().until(() -> engine.number("SELECT max(id) FROM node") > before);
      connection.commit();
    }

    await().untilAsserted(() -> assertThat(recorder.guids).containsAll(guids));
    await().until(() -> engine.count("attempt") == 16);
    assertThat(recorder.guids).containsExactlyInAnyOrderElementsOf(guids);
  }

  /** The mark at a large one is written before it, by a node that is another one by then. */
  @Test
  void aLargeDeliveryDoesNotBeginWhoseShardWasLostMeanwhile() throws Exception {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery large =
        TestLog.delivery(
            "large", "push", null, "acme/rocket", "{\"a\":\"" + "a".repeat(2 << 20) + "\"}");
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE attempt_mark IN EXCLUSIVE MODE");
      log.append(large);
      await().until(() -> engine.waitingForLocks() > 0);
      long before = engine.number("SELECT max(id) FROM node");
      engine.execute("UPDATE node SET given_up = true");
      await().until(() -> engine.number("SELECT max(id) FROM node") > before);
      connection.commit();
    }

    await().until(() -> engine.count("attempt") == 1);
    assertThat(recorder.guids).containsExactly("large");
  }

  /**
   * A newer program has added what it needs to the tables, as it may: nodes that run go on, also by
   * statements that the server had prepared before. An older one that starts now is refused.
   */
  @Test
  void aNodeThatRunsGoesOnAfterANewerOneHasAddedToTheTables() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    useAll(10); // so that statements are prepared, on whichever connection
    for (String table : List.of("delivery", "content", "subscription", "cursor", "due", "node")) {
      engine.execute("ALTER TABLE " + table + " ADD COLUMN newer int NOT NULL DEFAULT 7");
    }
    engine.execute("UPDATE version SET version = version + 1");
    try {
      useAll(3);
      await().until(() -> recorder.guids.size() == 13);
      assertThatThrownBy(() -> PostgresDeliveryLog.open(engine.place("older"), TestLog.OPTIONS))
          .hasMessageContaining("was made by a newer Caravan");
    } finally {
      engine.execute("UPDATE version SET version = version - 1");
      for (String table : List.of("delivery", "content", "subscription", "cursor", "due", "node")) {
        engine.execute("ALTER TABLE " + table + " DROP COLUMN newer");
      }
    }
  }

  private void useAll(int times) {
    List<Replay> replays = new ArrayList<>();
    for (int time = 0; time < times; time++) {
      Delivery delivery = push("acme/rocket");
      String position = log.append(delivery);
      assertThat(Kept.delivery(log.history(), delivery.guid())).isPresent();
      await().until(() -> !Kept.attempts(log.history(), delivery.guid()).isEmpty());
      replays.add(log.replay(new ReplayRequest(DeliveryQuery.ALL.at(position), "ci", 100, true)));
      assertThat(log.history().subscriptions()).hasSize(1);
      assertThat(log.figures().subscriptions()).hasSize(1);
      log.log().pause("ci");
      log.log().resume("ci");
    }
    assertThat(replays)
        .allSatisfy(
            replay -> assertThat(replay.end().join().state()).isEqualTo(ReplayProgress.State.DONE));
  }

  /** Each has half of the shards of ci. */
  private void awaitBothShare(PostgresDeliveryLog other) {
    await().until(() -> engine.log().shardsOf("ci") == 8 && other.shardsOf("ci") == 8);
  }
}
