package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.spool.DiskSpool;
import dev.caravan.testing.Relay;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node keeps on its disk comes into the log in order, with what comes around it. */
class SpooledOrderTest extends FirstNode {
  @TempDir Path directory;

  private final List<CompletableFuture<Receipt>> receipts = new CopyOnWriteArrayList<>();

  private PostgresDeliveryLog node(Relay relay, DiskSpool spool) {
    return PostgresDeliveryLog.open(engine.place(relay, LEASE), TestLog.OPTIONS, spool);
  }

  private DiskSpool spool(Duration patience) {
    return new DiskSpool(directory, patience, true);
  }

  @Test
  void whatWaitsAsTheDatabaseIsFoundToBeAwayIsKeptBeforeWhatComesThen() throws Exception {
    DiskSpool spool = spool(Duration.ofMillis(500));
    List<String> guids = new ArrayList<>();
    try (Relay relay = engine.relay();
        PostgresDeliveryLog node = node(relay, spool)) {
      await().until(() -> !spool.isInUse());
      relay.shut();
      await().until(() -> node.availability().isAwayFor(Duration.ofMillis(300))); // by heartbeats
      while (receipts.isEmpty() || !receipts.get(0).isDone()) {
        Delivery next = push("acme/rocket");
        guids.add(next.guid());
        receipts.add(node.append(next));
        TimeUnit.MILLISECONDS.sleep(10);
      }
      relay.open();
      receipts.forEach(CompletableFuture::join);
      await().atMost(Duration.ofSeconds(15)).until(() -> !spool.isInUse());
    }
    assertThat(engine.inOrder("acme/rocket")).isEqualTo(guids);
  }

  @Test
  void whatIsOnItsWayToASilentDatabaseAtAStopIsKept() {
    DiskSpool spool = spool(Duration.ofMillis(500));
    try (Relay relay = engine.relay()) {
      PostgresDeliveryLog node = node(relay, spool);
      await().until(() -> !spool.isInUse());
      relay.freeze();
      CompletableFuture<Receipt> receipt = node.append(push("acme/rocket"));
      CompletableFuture<Void> stop =
          CompletableFuture.runAsync(node::close, task -> new Thread(task).start());

      assertThat(receipt).succeedsWithin(Duration.ofSeconds(3)); // before the call is given up
      relay.thaw();
      stop.join();
    }
  }

  @Test
  void aStopDoesNotWaitForADatabaseThatIsAwayHoweverMuchIsKept() {
    DiskSpool spool = spool(Duration.ofMillis(200));
    try (Relay relay = engine.relay()) {
      PostgresDeliveryLog node = node(relay, spool);
      await().until(() -> !spool.isInUse());
      relay.shut();
      for (int index = 0; index < 100; index++) {
        receipts.add(node.append(push("acme/rocket-" + index % 10)));
      }
      receipts.forEach(CompletableFuture::join);

      long begun = System.nanoTime();
      node.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    }
  }

  /**
   * One is refused, so the batch is divided; then its first part cannot be written, until it is
   * kept on disk with all others.
   */
  @Test
  void noPartOfADividedBatchOvertakesOneBeforeIt() throws Exception {
    engine.execute(
        """
        CREATE SEQUENCE tries;
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE time bigint;
        BEGIN
          IF NEW.repository = 'acme/refused' THEN
            RAISE EXCEPTION 'refused' USING ERRCODE = '23514';
          ELSIF NEW.sender = 'first' THEN
            time := nextval('tries');
            IF time > 1 AND time < 10 THEN
              RAISE EXCEPTION 'not now' USING ERRCODE = '40001';
            END IF;
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION refuse()""");
    DiskSpool spool = spool(Duration.ofMillis(300));
    List<Delivery> batch = List.of(first(), push("acme/refused"), push("acme/rocket"));
    try (Relay relay = engine.relay();
        PostgresDeliveryLog node = node(relay, spool)) {
      await().until(() -> !spool.isInUse());
      try (Connection connection = engine.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("SELECT FROM head FOR UPDATE");
        receipts.add(node.append(push("acme/moon")));
        await().until(() -> engine.waitingForLocks() > 0);
        batch.forEach(each -> receipts.add(node.append(each)));
        connection.rollback();
      }
      await().until(() -> receipts.stream().allMatch(CompletableFuture::isDone));
      await().atMost(Duration.ofSeconds(15)).until(() -> !spool.isInUse());
      assertThat(engine.number("SELECT last_value FROM tries")).isGreaterThan(2);
    } finally {
      engine.execute("DROP FUNCTION refuse() CASCADE; DROP SEQUENCE tries");
    }
    assertThat(engine.inOrder("acme/rocket"))
        .containsExactly(batch.get(0).guid(), batch.get(2).guid());
  }

  private static Delivery first() {
    Delivery any = push("acme/rocket");
    return new Delivery(
        any.guid(),
        any.event(),
        new Delivery.Subject(null, "acme/rocket", null, null, "first", null),
        any.receivedAt(),
        any.headers(),
        any.encoding(),
        any.body());
  }
}
