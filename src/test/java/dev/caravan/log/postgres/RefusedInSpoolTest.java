package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.spool.DiskSpool;
import dev.caravan.testing.Relay;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database with a rule of somebody's own, which refuses what a node has answered 202. */
class RefusedInSpoolTest extends FirstNode {
  private static final String RULE =
      "ALTER TABLE delivery ADD CONSTRAINT theirs CHECK (repository <> 'acme/refused')";

  @TempDir Path directory;

  private PostgresDeliveryLog node(Relay relay, DiskSpool spool) {
    return PostgresDeliveryLog.open(
        engine.place(relay, Duration.ofSeconds(2)), TestLog.OPTIONS, spool);
  }

  private DiskSpool spool() {
    return new DiskSpool(directory, Duration.ofMillis(100), true);
  }

  @Test
  void whatTheDatabaseRefusesIsNamedAndAppendedAfterAStartOnceTheRuleIsGone() throws Exception {
    Delivery refused = push("acme/refused");
    Delivery other = push("acme/rocket");
    DiskSpool spool = spool();
    try (Relay relay = engine.relay();
        CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      engine.execute(RULE);
      try (PostgresDeliveryLog node = node(relay, spool)) {
        await().until(() -> !spool.isInUse());
        relay.shut();
        node.append(refused).join();
        node.append(other).join();
        relay.open();
        await().until(() -> !spool.isInUse());
        assertThat(node.figures().spoolRefused()).isOne();
      } finally {
        engine.execute("ALTER TABLE delivery DROP CONSTRAINT theirs");
      }
      assertThat(engine.inOrder("acme/rocket")).containsExactly(other.guid());
      assertThat(lines.lines())
          .anyMatch(line -> line.startsWith("ERROR") && line.contains(refused.guid()))
          .anyMatch(
              line ->
                  line.contains("refuses 1 delivery of those in " + directory + ", and")
                      && line.contains("--data " + directory + " --set caravan.log=sqlite"))
          .noneMatch(line -> line.contains("has taken all that was kept"));

      DiskSpool again = spool();
      try (PostgresDeliveryLog node = node(relay, again)) {
        await().until(() -> !again.isInUse());
        assertThat(node.figures().spoolRefused()).isZero();
      }
      assertThat(engine.inOrder("acme/refused")).containsExactly(refused.guid());
    }
  }
}
