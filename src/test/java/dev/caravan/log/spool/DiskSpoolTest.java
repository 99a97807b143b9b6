package dev.caravan.log.spool;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
  private volatile LogUnavailableException away = new LogUnavailableException("away");
  private final AtomicInteger tries = new AtomicInteger();
  private volatile boolean broken;
  private DiskSpool spool;

  @BeforeEach
  void open() {
    spool = new DiskSpool(directory, Duration.ofSeconds(8), true, 1 << 20);
    spool.appendTo(this::append);
  }

  @AfterEach
  void close() {
    spool.close();
  }

  private CompletableFuture<Receipt> append(Delivery delivery) {
    tries.incrementAndGet();
    if (broken) {
      throw new IllegalArgumentException("odd");
    }
    if (away != null && !(away.isForGood() && !delivery.guid().startsWith("bad"))) {
      return CompletableFuture.failedFuture(away);
    }
    appended.add(delivery);
    return CompletableFuture.completedFuture(new Receipt(delivery.guid(), "1"));
  }

  @Test
  void whatIsKeptIsAppendedInOrderAsItCameOnceTheLogIsThereAndThenForgotten() throws Exception {
    List<Delivery> kept = new ArrayList<>();
    for (int index = 0; index < 100; index++) {
      Delivery delivery = push("acme/rocket");
      kept.add(delivery);
      spool.keep(delivery).join();
    }
    assertThat(spool.isInUse()).isTrue();
    assertThat(spool.waiting().deliveries()).isEqualTo(100);
    assertThat(appended).isEmpty();

    away = null;
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
    List<Delivery> kept = new ArrayList<>();
    for (int index = 0; index < 20; index++) {
      kept.add(push("acme/rocket"));
      spool.keep(kept.get(index)).join();
    }
    spool.close();

    spool = new DiskSpool(directory, Duration.ofSeconds(8), true, 1 << 20);
    spool.appendTo(this::append);
    assertThat(spool.isInUse()).isTrue();
    kept.add(push("acme/rocket"));
    spool.keep(kept.get(20)).join();
    away = null;

    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).isEqualTo(guids(kept));
  }

  @Test
  void aGuidThatComesAgainIsTheLogsToJudge() {
    Delivery delivery = push("acme/rocket");
    spool.keep(delivery).join();
    spool.keep(delivery).join();
    away = null;

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
    spool.close();
    Files.writeString(mark, "3");

    spool = new DiskSpool(directory, Duration.ofSeconds(8), true, 1 << 20);
    spool.appendTo(this::append);
    away = null;
    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).containsExactly(large.guid());
  }

  @Test
  void oneThatTheLogRefusesForGoodStaysAndKeepsBackNoOther() {
    away = new LogUnavailableException("cannot be stored", null, true);
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
    away = new LogUnavailableException("cannot be stored", null, true);
    spool.keep(named("bad-1")).join();
    await().until(() -> !spool.isInUse());

    for (int start = 0; start < 2; start++) {
      spool.close();
      assertThat(left()).hasSize(1);
      spool = new DiskSpool(directory, Duration.ofSeconds(8), true, 1 << 20);
      spool.appendTo(this::append);
      await().until(() -> !spool.isInUse());
    }
    spool.close();
    assertThat(left()).hasSize(1);
  }

  @Test
  void whatCannotBeAppendedForWhateverReasonIsTriedAgain() {
    away = null;
    broken = true;
    spool.keep(named("odd-1")).join();
    await().until(() -> tries.get() > 1);
    broken = false;

    await().until(() -> !spool.isInUse());
    assertThat(appended).extracting(Delivery::guid).containsExactly("odd-1");
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
