package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.Spool;
import dev.caravan.log.TestLog;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node whose spool is on a disk that is full, or slow. */
class SpoolTroubleTest extends FirstNode {
  private PostgresDeliveryLog node(Spool spool) {
    return node(spool, Duration.ofSeconds(5));
  }

  private PostgresDeliveryLog node(Spool spool, Duration lease) {
    return PostgresDeliveryLog.open(engine.place("spooled", lease), TestLog.OPTIONS, spool);
  }

  @Test
  void whatWasHeldForTheEndOfASpoolThatHasBecomeFullGoesIntoTheDatabasePastIt() {
    FullSpool spool = new FullSpool();
    try (PostgresDeliveryLog node = node(spool)) {
      spool.isLittleLeft();
      CompletableFuture<Receipt> receipt = node.append(push("acme/rocket"));
      assertThat(spool.refused).as("refused while it is held").hasValue(0);

      assertThat(receipt).succeedsWithin(Duration.ofSeconds(5));
      assertThat(spool.refused).hasValue(1);
    }
    assertThat(engine.count("delivery")).isOne();
  }

  @Test
  void nothingIsHeldForTheEndOfASpoolThatIsKnownToBeFull() {
    FullSpool spool = new FullSpool();
    spool.trouble = "full";
    try (PostgresDeliveryLog node = node(spool)) {
      spool.isLittleLeft();
      CompletableFuture<Receipt> receipt = node.append(push("acme/rocket"));
      assertThat(spool.refused).as("asked at once").hasValue(1);

      assertThat(receipt).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  @Tag("long")
  void anAttemptIsInterruptedWhenTheLeaseEndsThoughTheDiskOfTheSpoolIsSlow() throws Exception {
    SlowSpool spool = new SlowSpool();
    List<String> said = new CopyOnWriteArrayList<>();
    try (PostgresDeliveryLog node = node(spool, Duration.ofSeconds(2));
        Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      node.subscribe(
          log.wanted("ci", "*").settings(),
          attempt -> {
            said.add("begun");
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              said.add("interrupted");
            }
            attempt.succeeded();
          });
      node.append(push("acme/rocket")).join();
      await().until(() -> said.size() == 1);
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM head FOR UPDATE");
      CompletableFuture<Receipt> receipt = node.append(push("acme/moon"));
      spool.begun.join();

      statement.execute("LOCK TABLE node IN ACCESS EXCLUSIVE MODE");
      try {
        await().untilAsserted(() -> assertThat(said).containsExactly("begun", "interrupted"));
      } finally {
        spool.isOver.complete(null);
        connection.rollback();
      }
      assertThat(receipt).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  /** Something is left in it. */
  private static final class FullSpool extends EmptySpool {
    private final AtomicInteger refused = new AtomicInteger();
    private final CompletableFuture<Destination> log = new CompletableFuture<>();
    private volatile String trouble = "";

    void isLittleLeft() {
      log.join().almostAll();
    }

    @Override
    public void appendTo(Destination target) {
      log.complete(target);
    }

    @Override
    public CompletableFuture<Receipt> keep(Delivery delivery) {
      refused.incrementAndGet();
      return CompletableFuture.failedFuture(new LogUnavailableException("the disk is full"));
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(8);
    }

    @Override
    public boolean isInUse() {
      return true;
    }

    @Override
    public String trouble() {
      return trouble;
    }
  }

  private static final class SlowSpool extends EmptySpool {
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> isOver = new CompletableFuture<>();

    @Override
    public CompletableFuture<Receipt> keep(Delivery delivery) {
      begun.complete(null);
      isOver.completeOnTimeout(null, 20, TimeUnit.SECONDS).join();
      return CompletableFuture.completedFuture(new Receipt(delivery.guid(), "on the disk"));
    }
  }

  private abstract static class EmptySpool implements Spool {
    @Override
    public void appendTo(Destination target) {
      // there is nothing to append
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(1);
    }

    @Override
    public boolean isInUse() {
      return false;
    }

    @Override
    public Waiting waiting() {
      return Waiting.NONE;
    }

    @Override
    public long refused() {
      return 0;
    }

    @Override
    public String trouble() {
      return "";
    }

    @Override
    public void close() {
      // nothing was opened
    }
  }
}
