package dev.caravan.log.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.Pace;
import dev.caravan.log.Rate;
import dev.caravan.log.dispatch.RunningAttempt.Ending;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What several subscriptions share each asks for itself, and all may be told at once that they may.
 */
class GateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void ofTwoThatMayBeginOnlyAsManyBeginAsTheRateAllows() {
    Gate gate = new Gate("jira", new Pace(Rate.parse("1/s"), 0, Duration.ZERO));
    assertThat(gate.waitMillis(0)).as("one sees that it may").isZero();
    assertThat(gate.waitMillis(0)).as("so does another").isZero();

    assertThat(gate.begin(0)).isTrue();
    assertThat(gate.begin(0)).isFalse();

    assertThat(gate.begin(SECOND)).isTrue();
  }

  @Test
  void ofTwoThatMayTryAnOpenCircuitOnlyOneDoes() {
    Gate gate = new Gate("jira", new Pace(null, 1, Duration.ofSeconds(30)));
    assertThat(gate.begin(0)).isTrue();
    gate.ended(Ending.FAILURE, new IllegalStateException("down"), 0);
    assertThat(gate.begin(29 * SECOND)).isFalse();

    assertThat(gate.begin(30 * SECOND)).isTrue();
    assertThat(gate.begin(30 * SECOND)).isFalse();
  }

  @Test
  void whatBeganAndWasNotMadeLeavesItsTurnToAnother() {
    Gate gate = new Gate("jira", new Pace(Rate.parse("1/h"), 0, Duration.ZERO));
    assertThat(gate.begin(0)).isTrue();

    gate.untried();

    assertThat(gate.begin(0)).isTrue();
  }
}
