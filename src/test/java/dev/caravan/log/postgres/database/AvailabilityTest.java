package dev.caravan.log.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.postgres.database.Availability.Part;
import dev.caravan.webhook.CapturedLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that takes some of what it is asked and not the rest, as one whose disk is full. */
class AvailabilityTest {
  private final SQLException full = new SQLException("No space left on device", "53100");
  private final AtomicInteger recoveries = new AtomicInteger();
  private long now;
  private final Availability availability =
      new Availability(recoveries::incrementAndGet, "Deliveries are answered 503", () -> now);
  private CapturedLog lines;

  @BeforeEach
  void captureLines() {
    lines = new CapturedLog("dev.caravan.log");
  }

  @AfterEach
  void closeLines() {
    lines.close();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void whatWorksDoesNotHideWhatDoesNot() {
    for (int second = 0; second < 11; second++) {
      availability.failed(Part.APPENDS, full);
      availability.succeeded(Part.NODE);
      availability.succeeded(Part.OUTCOMES);
      pass(Duration.ofSeconds(1));
    }

    assertThat(availability.forAttempts()).contains("No space left");
    assertThat(availability.forBalancers()).contains("No space left");
    assertThat(lines.lines())
        .singleElement()
        .asString()
        .startsWith("ERROR The delivery log's database cannot be written");
    assertThat(recoveries).hasValue(0);

    availability.succeeded(Part.APPENDS);
    assertThat(availability.forAttempts()).isEmpty();
    assertThat(lines.lines()).hasSize(2);
    assertThat(lines.lines().get(1)).contains("can be written again, after 11 s");
    assertThat(recoveries).hasValue(1);
  }

  @Test
  void aFailoverOfSecondsIsNoTrouble() {
    availability.failed(Part.NODE, full);
    pass(Duration.ofMillis(1900));
    availability.failed(Part.APPENDS, full);

    assertThat(availability.forAttempts()).isEmpty();
    availability.succeeded(Part.APPENDS);
    availability.succeeded(Part.NODE);
    assertThat(lines.lines()).isEmpty();
  }

  @Test
  void outcomesThatCannotBeWrittenSendNoDeliveryToTheSpool() {
    availability.failed(Part.OUTCOMES, full);
    pass(Duration.ofSeconds(20));

    assertThat(availability.isAwayFor(Duration.ofSeconds(8))).isFalse();
    availability.failed(Part.NODE, full);
    pass(Duration.ofSeconds(8));
    assertThat(availability.isAwayFor(Duration.ofSeconds(8))).isTrue();
  }
}
