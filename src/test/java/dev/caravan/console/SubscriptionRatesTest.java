package dev.caravan.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.figures.Distribution;
import dev.caravan.log.figures.SubscriptionFigures;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates on a clock of the test's own. */
class SubscriptionRatesTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final SubscriptionRates rates = new SubscriptionRates(() -> now);

  @Test
  void aClockSetBackByAnHourHidesTheRateForOneLookOnly() {
    assertThat(rates.of(after(0))).isEmpty();
    now = now.plusSeconds(60);
    assertThat(rates.of(after(30))).startsWith("30 a minute");

    now = now.minusSeconds(3600);
    assertThat(rates.of(after(40))).isEmpty();
    now = now.plusSeconds(60);

    assertThat(rates.of(after(60))).startsWith("20 a minute");
  }

  private static SubscriptionFigures after(long attempts) {
    Distribution taken = new Distribution(List.of(), List.of(attempts), 0);
    return new SubscriptionFigures("ci", true, false, 0, 0, 0, 0, 0, 0, false, 0, 0, taken, 0);
  }
}
