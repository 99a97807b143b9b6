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
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.testing.PostgresServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DatabaseAwayTest {
  @Test
  @Tag("long")
  void requestsWaitEightSecondsBalancersAreToldAfterTenAndAllGoesOnAfterwards() {
    try (PostgresServer server = PostgresServer.ownWithFsync();
        PostgresDeliveryLog log =
            PostgresDeliveryLog.open(
                new PostgresPlace(server.url(), "", server.newSchema(), "n", Duration.ofSeconds(5)),
                TestLog.OPTIONS)) {
      log.append(push("acme/rocket")).join();
      server.stop();
      long stopped = System.nanoTime();

      CompletableFuture<Receipt> inVain = log.append(push("acme/rocket"));
      assertThatThrownBy(inVain::join).hasCauseInstanceOf(LogUnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - stopped))
          .isBetween(Duration.ofSeconds(7), Duration.ofMillis(9500));
      assertThat(log.trouble()).isEmpty();
      await()
          .atMost(Duration.ofSeconds(6))
          .until(() -> log.trouble().contains("the delivery log's database cannot be written"));

      Delivery late = push("acme/rocket");
      CompletableFuture<Receipt> waiting = log.append(late);
      server.start();
      waiting.join();
      assertThat(Kept.delivery(log.history(), late.guid())).isPresent();
      await().until(() -> log.trouble().isEmpty());
    }
  }
}
