package dev.caravan.log.spool;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.Spool;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpoolTest {
  @TempDir Path directory;

  private final List<Delivery> appended = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> back = new CompletableFuture<>();
  private final AtomicInteger tries = new AtomicInteger();
  private final AtomicInteger largestBatch = new AtomicInteger();
  private final Set<String> odd = ConcurrentHashMap.newKeySet();
  private volatile boolean isMended;
  private final Set<String> stuck = ConcurrentHashMap.newKeySet();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private DiskSpool spool;

  @BeforeEach
  void open() {
    spool = new DiskSpool(directory, Duration.ofSeconds(8), true);
    spool.appendTo(log);
  }

  @AfterEach
  void close() {
    spool.close();
  }

  /**
   * As the shared log: what comes while it is away waits in it, and of a lane nothing is appended
   * behind one that is to be tried again.
   */
  private final Spool.Destination log =
      new Spool.Destination() {
        @Override
        public List<CompletableFuture<Receipt>> append(List<Delivery> kept) {
          tries.addAndGet(kept.size());
          largestBatch.accumulateAndGet(kept.size(), Math::max);
          if (kept.stream().anyMatch(each -> odd.contains(each.guid()))) {
            throw new IllegalArgumentException("odd");
          }
          List<CompletableFuture<Receipt>> receipts =
              kept.stream().map(each -> new CompletableFuture<Receipt>()).toList();
          CompletableFuture<Void> unused = back.thenRun(() -> appendAll(kept, receipts));
          return receipts;
        }

        @Override
        public void almostAll() {
          told.add("almost all");
        }

        @Override
        public void all() {
          told.add("all");
        }
      };

  private void appendAll(List<Delivery> kept, List<CompletableFuture<Receipt>> receipts) {
    Set<String> heldUp = new HashSet<>();
    for (int index = 0; index < kept.size(); index++) {
      Delivery delivery = kept.get(index);
      String lane = delivery.subject().repository();
      if (delivery.guid().startsWith("bad-") && !isMended) {
        receipts
            .get(index)
            .completeExceptionally(new LogUnavailableException("cannot be stored", null, true));
      } else if (stuck.contains(delivery.guid()) || heldUp.contains(lane)) {
        heldUp.add(lane);
        receipts.get(index).completeExceptionally(new LogUnavailableException("not now"));
      } else {
        appended.add(delivery);
        receipts.get(index).complete(new Receipt(delivery.guid(), "1"));
      }
    }
  }

  private void comesBack() {
    back.complete(null);
  }

  /** What waited in the log waits no more. */
  private void stop() {
    spool.close();
    if (!back.isDone()) {
      back = new CompletableFuture<>();
    }
  }

  @Test
  void whatIsKeptIsAppendedInOrderAsItCameOnceTheLogIsThereAndThenForgotten() throws Exception {
    List<Delivery> kept = keep("acme/rocket", 100);
    assertThat(spool.isInUse()).isTrue();
    assertThat(spool.waiting().deliveries()).isEqualTo(100);
    assertThat(appended).isEmpty();

    comesBack();
    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).isEqualTo(guids(kept));
    assertThat(appended.get(0).headers()).isEqualTo(kept.get(0).headers());
    assertThat(appended.get(0).body()).isEqualTo(kept.get(0).body());
    assertThat(appended.get(0).receivedAt().toEpochMilli())
        .isEqualTo(kept.get(0).receivedAt().toEpochMilli());
    assertThat(spool.waiting()).isEqualTo(Spool.Waiting.NONE);
    await()
        .ignoreExceptions() // while it is made anew
        .until(() -> Files.size(directory.resolve("log.db")) < 200_000);
  }

  @Test
  void whatIsLeftAtAStopIsAppendedAfterTheNextStartAndNewOnesGoBehindIt() {
    List<Delivery> kept = keep("acme/rocket", 20);
    stop();
    open();
    assertThat(spool.isInUse()).isTrue();
    kept.add(push("acme/rocket"));
    spool.keep(kept.get(20)).join();
    comesBack();

    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).isEqualTo(guids(kept));
  }

  @Test
  void aGuidThatComesAgainIsTheLogsToJudge() {
    Delivery delivery = push("acme/rocket");
    spool.keep(delivery).join();
    spool.keep(delivery).join();
    comesBack();

    await().until(() -> !spool.isInUse());
    assertThat(appended)
        .extracting(Delivery::guid)
        .containsExactly(delivery.guid(), delivery.guid());
  }

  @Test
  void aLargeOneThatWasUnderWayAtEveryKillIsNoDeadLetter() throws Exception {
    Delivery any = push("acme/rocket");
    Delivery large =
        TestLog.delivery(
            any.guid(), "push", null, "acme/rocket", "{\"a\":\"" + "a".repeat(2 << 20) + "\"}");
    spool.keep(large).join();
    await().until(() -> tries.get() > 0);
    Path marks = directory.resolve("large-attempts");
    Path mark;
    try (Stream<Path> files = Files.list(marks)) {
      mark = files.findFirst().orElseThrow();
    }
    stop();
    Files.writeString(mark, "3");
    open();
    comesBack();
    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).containsExactly(large.guid());
  }

  @Test
  void oneThatTheLogRefusesForGoodStaysAndKeepsBackNoOther() {
    comesBack();
    Delivery other = push("acme/rocket");
    Delivery bad = named("bad-1");
    spool.keep(bad).join();
    spool.keep(other).join();

    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).containsExactly(other.guid());
    spool.keep(push("acme/rocket")).join();
    await().until(() -> !spool.isInUse());
    assertThat(appended).hasSize(2);
  }

  @Test
  void whatTheLogHasRefusedIsStillThereAfterTwoMoreStarts() {
    comesBack();
    spool.keep(named("bad-1")).join();
    await().until(() -> !spool.isInUse());

    for (int start = 0; start < 2; start++) {
      stop();
      assertThat(left()).hasSize(1);
      open();
      await().until(() -> !spool.isInUse());
    }
    spool.close();
    assertThat(left()).hasSize(1);
  }

  @Test
  void whatTheLogHasRefusedIsTriedOnceMoreAtTheNextStart() {
    comesBack();
    spool.keep(named("bad-1")).join();
    await().until(() -> !spool.isInUse());
    assertThat(spool.refused()).isOne();
    spool.close();
    isMended = true;

    spool = new DiskSpool(directory, Duration.ofSeconds(8), true);
    spool.appendTo(log);
    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).containsExactly("bad-1");
    assertThat(spool.refused()).isZero();
    spool.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void manyOfOneRepositoryAreAppendedInOneGo() {
    List<Delivery> kept = keep("acme/rocket", 300);
    comesBack();

    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).isEqualTo(guids(kept));
    assertThat(largestBatch.get()).isGreaterThan(30);
  }

  @Test
  void whatIsBehindOneThatCannotBeAppendedInItsRepositoryWaitsForItAndNothingElseDoes() {
    List<Delivery> held = keep("acme/rocket", 60);
    List<Delivery> others = keep("acme/moon", 60);
    stuck.add(held.get(20).guid());
    comesBack();
    await().until(() -> appended.size() == 80);
    int before = tries.get();
    await().until(() -> tries.get() > before + 1);
    assertThat(appended).hasSize(80);
    others.addAll(keep("acme/moon", 60));
    await().until(() -> appended.size() == 140);
    stuck.clear();

    await().until(() -> !spool.isInUse());
    assertThat(guids(appended)).filteredOn(guids(held)::contains).isEqualTo(guids(held));
    assertThat(guids(appended)).filteredOn(guids(others)::contains).isEqualTo(guids(others));
    assertThat(appended).hasSize(180);
  }

  @Test
  void whatCannotBeAppendedForWhateverReasonIsTriedAgainAndKeepsBackNoOtherRepository() {
    List<Delivery> before = keep("acme/moon", 40);
    odd.add("odd-1");
    spool.keep(named("odd-1")).join();
    List<Delivery> after = keep("acme/moon", 40);
    comesBack();
    await().until(() -> appended.size() == 80);
    odd.clear();

    await().until(() -> !spool.isInUse());
    before.addAll(after);
    assertThat(guids(appended)).startsWith(guids(before).toArray(String[]::new)).hasSize(81);
  }

  @Test
  void oneThatCouldNotEvenBeMadeReadyDoesNotKeepTheSpoolFromEnding() {
    Map<String, String> noMemory =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, String>> entrySet() {
            throw new IllegalStateException("no memory");
          }
        };
    assertThatThrownBy(() -> spool.keep(push("acme/rocket").with("odd", noMemory)))
        .hasMessage("no memory");
    spool.keep(push("acme/rocket")).join();
    comesBack();

    await().until(() -> !spool.isInUse());
    assertThat(appended).hasSize(1);
  }

  @Test
  void theLogIsToldWhenLittleIsLeftAndWhenNothingIs() {
    await().until(() -> told.contains("all")); // since nothing was left by an earlier start
    told.clear();
    List<Delivery> held = keep("acme/rocket", 20);
    stuck.add(held.get(10).guid());
    assertThat(told).isEmpty();
    comesBack();
    await().until(() -> told.contains("almost all"));
    assertThat(told).doesNotContain("all");
    stuck.clear();
    await().until(() -> told.contains("all"));
    assertThat(spool.isInUse()).isFalse();
  }

  private List<Delivery> keep(String repository, int count) {
    List<Delivery> kept = new ArrayList<>();
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      kept.add(push(repository));
      receipts.add(spool.keep(kept.get(index)));
    }
    receipts.forEach(CompletableFuture::join);
    return kept;
  }

  private List<DeliverySummary> left() {
    try (SqliteDeliveryLog log = SqliteDeliveryLog.open(directory, TestLog.OPTIONS)) {
      return Kept.newest(log.history(), 9);
    }
  }

  private static Delivery named(String guid) {
    Delivery any = push("acme/rocket");
    return any.with(guid, any.headers());
  }

  private static List<String> guids(List<Delivery> deliveries) {
    return deliveries.stream().map(Delivery::guid).toList();
  }
}
