package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.testing.Relay;
import dev.caravan.webhook.CapturedLog;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A node whose lease ends, whose beginnings fail, and that takes over what ended another. */
class NodeLifeTest extends FirstNode {

  private static final String RUN_OUT =
      "SELECT count(*) FROM node WHERE expires_at <= clock_timestamp()";

  @Test
  void anAttemptIsInterruptedWhenTheLeaseEndsAndRunsAgainAsTheSameOne() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    PostgresPlace place = engine.place("short", Duration.ofSeconds(1));
    try (PostgresDeliveryLog node = PostgresDeliveryLog.open(place, TestLog.OPTIONS)) {
      node.subscribe(
          log.wanted("ci", "*").settings(),
          attempt -> {
            try {
              if (said.isEmpty()) {
                said.add("begun " + attempt.number());
                new CountDownLatch(1).await();
              }
              said.add("run " + attempt.number());
              attempt.succeeded();
            } catch (InterruptedException e) {
              said.add("interrupted");
              attempt.failed(e);
            }
          });
      node.append(push("acme/rocket")).join();
      await().until(() -> said.size() == 1);
      try (Connection connection = engine.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE node IN ACCESS EXCLUSIVE MODE");
        await().until(() -> said.size() == 2);
      }
      await().until(() -> said.size() == 3);
    }
    assertThat(said).containsExactly("begun 1", "interrupted", "run 1");
  }

  @Test
  void aSubscriptionThatCouldNotBeginMayBeginAgain() {
    Recorder recorder = new Recorder();
    engine.execute("ALTER TABLE cursor RENAME COLUMN touched TO elsewhere");
    assertThatThrownBy(() -> log.subscribe(log.wanted("ci", "*").settings(), recorder))
        .isInstanceOf(LogUnavailableException.class);
    engine.execute("ALTER TABLE cursor RENAME COLUMN elsewhere TO touched");
    await().until(() -> engine.count("runs") == 0);

    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery delivery = push("acme/rocket");
    log.append(delivery);
    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(delivery.guid()));
  }

  @Test
  void aLargePayloadThatEndedOtherNodesDoesNotEndTheOneThatTakesOver() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder).close();
    String position =
        log.append(
            TestLog.delivery(
                "large", "push", null, "acme/rocket", "{\"a\":\"" + "a".repeat(2 << 20) + "\"}"));
    engine.execute(
        "INSERT INTO attempt_mark SELECT id || '-%s', 3 FROM subscription".formatted(position));

    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 1);
    assertThat(recorder.guids).isEmpty();
  }

  @Test
  void whatCameBackGoesOneByOneWhileTheLogIsALittleTooLarge() {
    for (int index = 0; index < 3; index++) {
      log.append(push("acme/rocket"));
    }
    engine.execute(
        "INSERT INTO restored SELECT position, received_at FROM delivery; UPDATE head SET content_bytes = %d"
            .formatted(TestLog.OPTIONS.retention().size() + 1));

    engine.sweep();

    assertThat(engine.count("content")).isEqualTo(2);
  }

  @Test
  void aNodeIsGivenUpAfterItsOwnLeaseWhichTheLineNames() {
    engine.execute(
        "INSERT INTO node (name, expires_at, info) VALUES ('patient', clock_timestamp(), '{\"lease\": \"120000\"}')");
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      await()
          .untilAsserted(
              () ->
                  assertThat(lines.lines())
                      .contains(
                          "WARN Node \"patient\" was silent for longer than its lease of 120 s. Others take over."));
    }
    long lease = engine.place("any").lease().toMillis();
    assertThat(
            engine.number(
                "SELECT count(*) FROM node WHERE info ->> 'lease' = '%d'".formatted(lease)))
        .isOne();
  }

  /** After an outage the others may be back in a moment; one of its own name was it before. */
  @Test
  void aFreshNodeGivesUpAtOnceOnlyWhatItWasBefore() {
    engine.log().close();
    for (String name : List.of("fresh", "other")) {
      engine.execute(
          "INSERT INTO node (name, expires_at) VALUES ('%s', clock_timestamp())".formatted(name));
    }

    PostgresPlace place = engine.place("fresh", Duration.ofMinutes(1));
    try (PostgresDeliveryLog fresh = PostgresDeliveryLog.open(place, TestLog.OPTIONS)) {
      assertThat(fresh.nodes()).hasSize(1);
      assertThat(engine.count("node WHERE given_up AND name = 'fresh'")).isOne();
      assertThat(engine.count("node WHERE given_up AND name = 'other'")).isZero();
    }
  }

  @Test
  void aRouteThatIsReplacedAfterALostLeaseWaitsForAttemptsThatIgnoreTheirInterrupt()
      throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicInteger inWork = new AtomicInteger();
    List<Integer> said = new CopyOnWriteArrayList<>();
    DeliveryHandler handler =
        attempt -> {
          said.add(inWork.incrementAndGet());
          if (said.size() == 1) {
            awaitWhateverHappens(mayEnd);
          }
          inWork.decrementAndGet();
          attempt.succeeded();
        };
    Subscription ci = log.subscribe(log.wanted("ci", "*").settings(), handler);
    log.append(push("acme/rocket"));
    await().until(() -> said.size() == 1);
    engine.execute("UPDATE node SET given_up = true");
    await().until(() -> engine.log().shardsOf("ci") == 15);

    ci.close();
    await().until(() -> engine.count("cursor WHERE owner = (SELECT max(id) FROM node)") == 0);
    Thread start =
        new Thread(() -> log.subscribe(log.wanted("ci", "*").settings(), handler), "start");
    start.start();
    await().until(() -> said.size() == 2 || start.getState() == Thread.State.TIMED_WAITING);
    mayEnd.countDown();

    await().until(() -> said.size() == 2);
    start.join();
    assertThat(said).containsExactly(1, 1);
  }

  private static void awaitWhateverHappens(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // it is not asked
      }
    }
  }

  @Test
  void outcomesAreWrittenAtAStopWhoseConnectionIsGone() {
    String ended =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'caravan ended'";
    CountDownLatch second = new CountDownLatch(2);
    try (PostgresDeliveryLog node =
        PostgresDeliveryLog.open(engine.place("ended", LEASE), TestLog.OPTIONS)) {
      node.subscribe(
          log.wanted("ci", "*").settings(),
          attempt -> {
            if (second.getCount() == 1) {
              engine.number(ended);
            }
            attempt.succeeded();
            second.countDown();
          });
      node.append(push("acme/rocket")).join();
      await().until(() -> engine.count("attempt") == 1);
      node.append(push("acme/rocket")).join();
      await().pollInterval(Duration.ofMillis(2)).until(() -> second.getCount() == 0);
    }

    assertThat(engine.count("attempt")).isEqualTo(2);
  }

  /** Only what another node has taken is worth a warning. */
  @Test
  void aShardThatANodeReleasesIsNotCalledTakenOver() throws Exception {
    Subscription ci = log.subscribe(log.wanted("ci", "*").settings(), new Recorder());
    CompletableFuture<Void> closed;
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      try (Connection connection = engine.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE cursor IN ACCESS EXCLUSIVE MODE");
        closed = CompletableFuture.runAsync(ci::close);
        await().until(() -> engine.waitingForLocks() >= 2); // to release, and to look
        statement.execute("UPDATE cursor SET owner = NULL");
        connection.commit();
      }
      closed.join();
      await().until(() -> engine.count("runs") == 0);
      assertThat(lines.lines()).noneMatch(line -> line.endsWith("a part of subscription \"ci\"."));
    }
  }

  /** As behind a firewall that has forgotten them: nothing ever comes back. */
  @Test
  void aNodeWhoseSessionsAreDeadStaysANodeByNewOnes() throws Exception {
    Duration lease = Duration.ofMillis(2500);
    try (Relay relay = engine.relay();
        PostgresDeliveryLog node =
            PostgresDeliveryLog.open(engine.place(relay, lease), TestLog.OPTIONS)) {
      node.subscribe(log.wanted("ci", "*").settings(), new Recorder());
      await().until(() -> node.shardsOf("ci") == 16);

      relay.freezeThoseOpen();
      CompletableFuture<Receipt> receipt = node.append(push("acme/rocket"));
      long end = System.nanoTime() + lease.toNanos();
      while (System.nanoTime() < end) {
        assertThat(engine.number(RUN_OUT)).as("leases that have run out").isZero();
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertThat(receipt.orTimeout(8, TimeUnit.SECONDS).join()).isNotNull();
    }
  }
}
