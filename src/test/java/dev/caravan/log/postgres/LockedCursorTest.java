package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.spool.DiskSpool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else has locked cursors, as a person's session can for hours. */
class LockedCursorTest extends FirstNode {
  private static final Duration SHORTLY = Duration.ofMillis(500);
  private static final String LOCK = "SELECT FROM cursor WHERE shard = %d FOR UPDATE";

  @TempDir Path directory;

  private int appended;
  private final Delivery first = push("acme/rocket");

  /** As GitHub sends it again. */
  private static Delivery again(Delivery delivery) {
    return delivery.with(delivery.receivedAt().plusSeconds(60));
  }

  private static int shard(Delivery delivery) {
    return Shards.of(delivery.subject(), delivery.guid());
  }

  private void appendFirst() {
    log.subscribe(log.wanted("ci", "*").settings(), attempt -> attempt.succeeded());
    append(first);
  }

  /** And runs it; whoever still writes the outcome holds other cursors while it waits for one. */
  private void append(Delivery delivery) {
    log.append(delivery);
    appended++;
    await().until(() -> engine.count("attempt") == appended);
  }

  @Test
  void aRedeliveryThatWaitsForALockedCursorHoldsUpNoOtherDelivery() throws SQLException {
    appendFirst();
    CompletableFuture<Receipt> repeat;
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(LOCK.formatted(shard(first)));
      repeat = log.log().append(again(first));
      await().until(() -> engine.waitingForLocks() > 0);
      for (int index = 0; index < 5; index++) {
        assertThat(log.log().append(push("acme/rocket"))).succeedsWithin(SHORTLY);
      }
      assertThat(repeat).isNotDone();
      assertThat(log.figures().failedFlushes()).isZero();
      connection.rollback();
    }
    assertThat(repeat).succeedsWithin(Duration.ofSeconds(2));
    assertThat(log.figures().repeats()).isOne();
    assertThat(engine.number("SELECT sum(repeats) FROM delivery")).isOne();
  }

  @Test
  void manyRedeliveriesThatWaitForALockedCursorHoldUpNoneOfAnother() throws SQLException {
    appendFirst();
    Delivery elsewhere = push("acme/moon");
    assertThat(shard(elsewhere)).isNotEqualTo(shard(first));
    append(elsewhere);
    List<Delivery> same = new ArrayList<>();
    for (int index = 0; index < 8; index++) {
      same.add(push("acme/rocket"));
      append(same.get(index));
    }
    List<CompletableFuture<Receipt>> waiting = new ArrayList<>();
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(LOCK.formatted(shard(first)));
      same.forEach(each -> waiting.add(log.log().append(again(each))));

      assertThat(log.log().append(again(elsewhere))).succeedsWithin(SHORTLY);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      connection.rollback();
    }
    waiting.forEach(CompletableFuture::join);
    assertThat(engine.number("SELECT sum(repeats) FROM delivery")).isEqualTo(9);
  }

  @Test
  void aRedeliveryThatWaitsForALockedCursorForTooLongIsKeptInTheSpoolAndCountedOnce()
      throws SQLException {
    appendFirst();
    DiskSpool spool = new DiskSpool(directory, SHORTLY, true);
    try (PostgresDeliveryLog node =
        PostgresDeliveryLog.open(engine.place("spooled"), TestLog.OPTIONS, spool)) {
      await().until(() -> !spool.isInUse());
      try (Connection connection = engine.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute(LOCK.formatted(shard(first)));
        assertThat(node.append(again(first))).succeedsWithin(Duration.ofSeconds(2));
        assertThat(spool.isInUse()).isTrue();
        Delivery other = push("acme/rocket");
        assertThat(node.append(other)).succeedsWithin(Duration.ofSeconds(2));
        await().until(() -> engine.inOrder("acme/rocket").contains(other.guid()));
        connection.rollback();
      }
      await().until(() -> !spool.isInUse());
    }
    assertThat(engine.number("SELECT sum(repeats) FROM delivery")).isOne();
  }
}
