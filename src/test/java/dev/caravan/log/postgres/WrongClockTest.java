package dev.caravan.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.webhook.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node whose clock is wrong does no harm to a log that it shares: the database's counts. */
class WrongClockTest extends FirstNode {
  @Test
  void whatANodeDeletesForItsAgeIsTooOldByTheDatabasesClock() throws Exception {
    log.append(TestLog.push("acme/rocket"));
    try (PostgresDeliveryLog node = node(Duration.ofDays(9))) {
      node.lookups().sweep();
    }
    assertThat(engine.count("content")).isOne();
  }

  @Test
  void aDeliveryIsReceivedByTheDatabasesClockWhateverThatOfTheNodeSays() throws Exception {
    for (Duration wrong : List.of(Duration.ofDays(9), Duration.ofDays(-9))) {
      try (CapturedLog lines = new CapturedLog("dev.caravan.log");
          PostgresDeliveryLog node = node(wrong)) {
        node.append(receivedAt(Instant.now().plus(wrong))).join();
        node.append(receivedAt(Instant.now().plus(wrong))).join();

        assertThat(lines.lines())
            .filteredOn(line -> line.startsWith("WARN This node's clock is"))
            .singleElement()
            .asString()
            .contains(wrong.isNegative() ? "777600 s behind" : "777600 s ahead of");
      }
    }
    assertThat(log.log().history().list(DeliveryQuery.ALL, 9).deliveries())
        .hasSize(4)
        .extracting(DeliverySummary::receivedAt)
        .allSatisfy(
            time -> assertThat(time).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES)));
  }

  @Test
  void theClockIsNotDoubtedBeforeTheFirstDelivery() throws Exception {
    try (CapturedLog lines = new CapturedLog("dev.caravan.log");
        PostgresDeliveryLog node = node(Duration.ZERO)) {
      node.lookups().sweep();

      assertThat(lines.lines()).noneMatch(line -> line.contains("clock says"));
    }
  }

  private PostgresDeliveryLog node(Duration wrong) {
    LogOptions options =
        TestLog.options(
            Dedupe.GUID,
            Retention.DEFAULT,
            InstantSource.offset(InstantSource.system(), wrong),
            System::nanoTime);
    return PostgresDeliveryLog.open(engine.place("wrong"), options);
  }

  private static Delivery receivedAt(Instant time) {
    return TestLog.push("acme/rocket").with(time);
  }
}
