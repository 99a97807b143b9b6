package dev.caravan.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.TestLog;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shards go from node to node while deliveries come, and attempts last longer or shorter. */
class HandOverTest extends FirstNode {
  private static final int LANES = 24;
  private static final int MOST_WAITING = 100;

  private final Random random = new Random(7);
  private final Map<String, String> running = new ConcurrentHashMap<>();
  private final List<String> together = new CopyOnWriteArrayList<>();
  private final Map<String, List<Integer>> begun = new ConcurrentHashMap<>();
  private final int[] sent = new int[LANES];
  private volatile boolean over;

  @Test
  void whileShardsAreHandedOverEachDeliveryRunsOnceAndLanesKeepTheirOrder() throws Exception {
    handOver(4);
  }

  @Test
  @Tag("long")
  void whileShardsAreHandedOverForAnHourEachDeliveryRunsOnce() throws Exception {
    handOver(Integer.getInteger("changes", 300));
  }

  private void handOver(int times) throws InterruptedException {
    Thread load = new Thread(this::send, "load");
    try (PostgresDeliveryLog other =
        PostgresDeliveryLog.open(engine.place("other"), TestLog.OPTIONS)) {
      subscribe(engine.log(), "first");
      load.start();
      for (int time = 0; time < times; time++) {
        Subscription there = subscribe(other, "other");
        await().until(() -> engine.log().shardsOf("ci") == 8 && other.shardsOf("ci") == 8);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
        there.close();
        await().until(() -> engine.log().shardsOf("ci") == 16);
      }
      over = true;
      load.join();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(engine.count("attempt")).isEqualTo(sum()));
    }
    assertThat(together).as("ran while another of their lane did").isEmpty();
    for (int lane = 0; lane < LANES; lane++) {
      List<Integer> all = new ArrayList<>();
      for (int index = 0; index < sent[lane]; index++) {
        all.add(index);
      }
      assertThat(begun.get(lane(lane))).as("run in lane %d", lane).isEqualTo(all);
    }
  }

  private Subscription subscribe(PostgresDeliveryLog node, String name) {
    return node.subscribe(
        log.wanted("ci", "*").concurrency(16).startFrom(StartFrom.BEGINNING).settings(),
        attempt -> run(attempt, name));
  }

  /** Most are short, and some outlast a hand-over. */
  private void run(Attempt attempt, String node) {
    String lane = attempt.delivery().subject().repository();
    String guid = attempt.delivery().guid();
    String beside = running.putIfAbsent(lane, guid + " on " + node);
    if (beside != null) {
      together.add(guid + " on " + node + " beside " + beside);
    }
    int number = Integer.parseInt(guid.substring(guid.lastIndexOf('-') + 1));
    begun.computeIfAbsent(lane, any -> new CopyOnWriteArrayList<>()).add(number);
    long millis = number % 7 == 0 ? 100 + number % 100 : number % 5;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    running.remove(lane, guid + " on " + node);
    attempt.succeeded();
  }

  private void send() {
    for (int index = 0; !over; index++) {
      int lane = index % LANES;
      String guid = lane(lane) + "-" + sent[lane]++;
      engine
          .log()
          .append(TestLog.delivery(guid.replace('/', '-'), "push", null, lane(lane), "{\"a\":1}"))
          .join();
      while (!over && begun.values().stream().mapToInt(List::size).sum() < sum() - MOST_WAITING) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    }
  }

  private long sum() {
    long sum = 0;
    for (int each : sent) {
      sum += each;
    }
    return sum;
  }

  private static String lane(int number) {
    return "acme/" + number;
  }
}
