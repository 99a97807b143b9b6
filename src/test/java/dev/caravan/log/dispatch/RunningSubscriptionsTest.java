package dev.caravan.log.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Of one that is idle nothing is kept but what it was to run again; so none may be taken for it.
 */
class RunningSubscriptionsTest {
  private final ManualTiming timing = new ManualTiming(new Random(1));
  private final RunningSubscriptions running = new RunningSubscriptions(timing::nanos);

  @Test
  void aSubscriptionIsIdleOnceItHasBeenAwayForFiveMinutes() {
    timing.pass(Duration.ofMinutes(5).toMillis() - 1);
    assertThat(running.isIdle("ci")).isFalse();

    timing.pass(1);
    assertThat(running.isIdle("ci")).isTrue();
  }

  /** As a machine without a battery does, some seconds after its start. */
  @Test
  void aClockThatIsSetForwardWhileRoutesStartMakesNoneIdle() {
    timing.setClock(Duration.ofDays(400).toMillis());

    assertThat(running.isIdle("ci")).isFalse();
  }
}
