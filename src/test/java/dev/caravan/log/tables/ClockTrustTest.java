package dev.caravan.log.tables;

import static dev.caravan.log.tables.ClockTrust.Verdict.DOUBTED;
import static dev.caravan.log.tables.ClockTrust.Verdict.DOUBTED_NOW;
import static dev.caravan.log.tables.ClockTrust.Verdict.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockTrustTest {
  private static final long NEWEST = 1_800_000_000_000L;

  private long passed;
  private final ClockTrust trust = new ClockTrust(NEWEST, () -> passed);

  @Test
  void timeThatPassesIsBelievedHoweverLongItIs() {
    for (int day = 0; day <= 100; day++) {
      assertThat(trust.look(after(Duration.ofDays(day)), 1)).isEqualTo(RIGHT);
    }
  }

  @Test
  void aClockSetBackIsBelieved() {
    assertThat(trust.look(after(Duration.ofDays(-400)), 1)).isEqualTo(RIGHT);
  }

  @Test
  void aStepOfTenDaysIsDoubtedUntilDeliveriesHaveComeForAnHour() {
    assertThat(trust.look(after(Duration.ofDays(10)), 1)).isEqualTo(DOUBTED_NOW);
    pass(Duration.ofMinutes(59));
    assertThat(trust.look(after(Duration.ofDays(10)), 2)).isEqualTo(DOUBTED);
    pass(Duration.ofMinutes(1));
    assertThat(trust.look(after(Duration.ofDays(10)), 2)).isEqualTo(RIGHT);
    assertThat(trust.look(after(Duration.ofDays(10)), 2)).isEqualTo(RIGHT);
  }

  @Test
  void withoutDeliveriesItIsDoubtedForADay() {
    trust.look(after(Duration.ofDays(10)), 1);
    pass(Duration.ofHours(23));
    assertThat(trust.look(after(Duration.ofDays(10)), 1)).isEqualTo(DOUBTED);
    pass(Duration.ofHours(1));
    assertThat(trust.look(after(Duration.ofDays(10)), 1)).isEqualTo(RIGHT);
  }

  @Test
  void aClockThatIsMendedIsBelievedAtOnceAndDoubtedAnewWhenItStepsAgain() {
    trust.look(after(Duration.ofDays(10)), 1);
    assertThat(trust.look(after(Duration.ofMinutes(1)), 1)).isEqualTo(RIGHT);
    pass(Duration.ofDays(2));

    assertThat(trust.look(after(Duration.ofDays(10)), 1)).isEqualTo(DOUBTED_NOW);
  }

  private static long after(Duration time) {
    return NEWEST + time.toMillis();
  }

  private void pass(Duration time) {
    passed += time.toNanos();
  }
}
