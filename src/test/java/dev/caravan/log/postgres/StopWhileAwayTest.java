package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.testing.Relay;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stop of a node whose database is away, and that nobody waits for to the end. */
class StopWhileAwayTest extends FirstNode {
  @Test
  void whatCouldNotBeAppendedUntilAStopThatWasCutShortIsAnsweredThen() {
    try (Relay relay = engine.relay()) {
      PostgresDeliveryLog node =
          PostgresDeliveryLog.open(engine.place(relay, Duration.ofSeconds(2)), TestLog.OPTIONS);
      relay.shut();
      CompletableFuture<Receipt> receipt = node.append(push("acme/rocket"));
      await().until(() -> node.availability().isAwayFor(Duration.ofMillis(200)));

      Thread.currentThread().interrupt(); // who stops it does not wait
      node.close();
      assertThat(Thread.interrupted()).isTrue();

      assertThatThrownBy(() -> receipt.get(2, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("The delivery log is closed");
    }
  }
}
