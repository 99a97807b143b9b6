package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.spool.DiskSpool;
import dev.caravan.testing.Relay;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A spool beside senders that never cease, most of them with several deliveries on their way. */
class CrowdedSpoolTest extends FirstNode {
  private static final int REPOSITORIES = 3;

  @TempDir Path directory;

  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final List<CompletableFuture<Void>> senders = new ArrayList<>();
  private final AtomicBoolean isOver = new AtomicBoolean();
  private DiskSpool spool;

  /** A delivery, and between which times it was answered, in nanoTime. */
  private record Sent(String guid, long handedIn, CompletableFuture<Long> answered) {}

  private PostgresDeliveryLog node(Relay relay) {
    spool = new DiskSpool(directory, Duration.ofMillis(200), true);
    PostgresDeliveryLog node =
        PostgresDeliveryLog.open(
            engine.place(relay, Duration.ofSeconds(2)), TestLog.OPTIONS, spool);
    await().until(() -> !spool.isInUse());
    return node;
  }

  @Test
  void aSpoolEndsThoughSendersKeepManyOnTheirWayAndLanesKeepTheOrderOfTheAnswers()
      throws Exception {
    try (Relay relay = engine.relay();
        PostgresDeliveryLog node = node(relay)) {
      send(node, 12, 8, 0);
      relay.freeze();
      await().until(() -> spool.isInUse() && spool.waiting().deliveries() > 3000);
      relay.thaw();

      await().atMost(Duration.ofSeconds(20)).until(() -> !spool.isInUse());
      stopSending();
    }
    assertThatAllAreThereOnceAndInOrder();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 20"}) // 4 without a pause: hundreds of thousands, for minutes
  @Tag("long")
  void theSameHoldsThroughTwelveOutages(int atOnce, long pauseMillis) throws Exception {
    Random random = new Random(3);
    try (Relay relay = engine.relay();
        PostgresDeliveryLog node = node(relay)) {
      send(node, 12, atOnce, pauseMillis);
      for (int outage = 0; outage < 12; outage++) {
        relay.freeze();
        TimeUnit.MILLISECONDS.sleep(outage % 4 == 0 ? 9000 : 1000); // or until batches are given up
        if (random.nextBoolean()) {
          relay.shut();
          TimeUnit.MILLISECONDS.sleep(500);
          relay.open();
        }
        relay.thaw();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> !spool.isInUse());
      stopSending();
    }
    assertThatAllAreThereOnceAndInOrder();
  }

  /** Each sender hands in the next ones once it has got all its answers, and after that pause. */
  private void send(PostgresDeliveryLog node, int count, int atOnce, long pauseMillis) {
    for (int sender = 0; sender < count; sender++) {
      String repository = "acme/busy-" + sender % REPOSITORIES;
      senders.add(
          CompletableFuture.runAsync(
              () -> {
                while (!isOver.get()) {
                  List<CompletableFuture<Long>> open = new ArrayList<>();
                  for (int index = 0; index < atOnce; index++) {
                    open.add(sendOne(node, push(repository)));
                  }
                  open.forEach(CompletableFuture::join);
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
                }
              },
              task -> new Thread(task).start()));
    }
  }

  private CompletableFuture<Long> sendOne(PostgresDeliveryLog node, Delivery next) {
    long handedIn = System.nanoTime();
    CompletableFuture<Long> answered =
        node.append(next)
            .thenApply(receipt -> System.nanoTime())
            .orTimeout(10, TimeUnit.SECONDS); // as GitHub
    sent.add(new Sent(next.guid(), handedIn, answered));
    return answered;
  }

  private void stopSending() {
    isOver.set(true);
    senders.forEach(CompletableFuture::join);
  }

  /** Whatever was answered before another was handed in is before that in its lane. */
  private void assertThatAllAreThereOnceAndInOrder() throws SQLException {
    assertThat(engine.count("delivery")).isEqualTo(sent.size());
    assertThat(engine.number("SELECT sum(repeats) FROM delivery")).isZero();
    Map<String, Sent> known = new HashMap<>();
    sent.forEach(each -> known.put(each.guid(), each));
    for (int repository = 0; repository < REPOSITORIES; repository++) {
      long newestHandedIn = Long.MIN_VALUE;
      for (String guid : engine.inOrder("acme/busy-" + repository)) {
        Sent each = known.get(guid);
        assertThat(each.answered().join())
            .as("answer to %s, against those before it", guid)
            .isGreaterThan(newestHandedIn);
        newestHandedIn = Math.max(newestHandedIn, each.handedIn());
      }
    }
  }
}
