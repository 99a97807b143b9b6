package dev.caravan.log.dispatch.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.subscription.Pace;
import dev.caravan.log.subscription.Rate;
import dev.caravan.webhook.CapturedLog;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What several subscriptions share each asks for itself, and all may be told at once that they may.
 */
class GateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Pace CIRCUIT = new Pace(null, 1, Duration.ofSeconds(30));
  private final Throwable down = new IllegalStateException("down");

  private final CapturedLog log = new CapturedLog("dev.caravan.subscription");

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void ofTwoThatMayBeginOnlyAsManyBeginAsTheRateAllows() {
    Gate gate = gate(new Pace(Rate.parse("1/s"), 0, Duration.ZERO));
    assertThat(gate.waitMillis(0)).as("one sees that it may").isZero();
    assertThat(gate.waitMillis(0)).as("so does another").isZero();

    assertThat(gate.pass(0)).isNotNull();
    assertThat(gate.pass(0)).isNull();

    assertThat(gate.pass(SECOND)).isNotNull();
  }

  @Test
  void ofTwoThatMayTryAnOpenCircuitOnlyOneDoes() {
    Gate gate = gate(CIRCUIT);
    open(gate);
    assertThat(gate.pass(29 * SECOND)).isNull();

    assertThat(gate.pass(30 * SECOND)).isNotNull();
    assertThat(gate.pass(30 * SECOND)).isNull();
  }

  @Test
  void anAttemptThatDidNotRunLeavesItsTurnToAnother() {
    Gate gate = gate(new Pace(Rate.parse("1/h"), 0, Duration.ZERO));

    passed(gate, 0).untried(SECOND);

    assertThat(gate.pass(SECOND)).isNotNull();
  }

  @Test
  void anAttemptThatTriesAndHangsHoldsTheOthersForOnePauseAndIsToldOnce() {
    Gate gate = gate(CIRCUIT);
    open(gate);
    Gate.Passage hangs = passed(gate, 30 * SECOND);

    assertThat(gate.pass(59 * SECOND)).isNull();
    Gate.Passage next = passed(gate, 60 * SECOND);
    assertThat(gate.pass(60 * SECOND)).as("one at a time").isNull();
    passed(gate, 90 * SECOND);

    assertThat(log.lines()).filteredOn(line -> line.contains("has not ended")).hasSize(1);

    next.ended(Ending.FAILURE, down, 91 * SECOND);
    hangs.ended(Ending.FAILURE, down, 91 * SECOND);
    assertThat(gate.pass(92 * SECOND)).as("it is the newest that tries").isNull();
    assertThat(gate.pass(120 * SECOND)).isNotNull();
  }

  @Test
  void anAttemptThatTriesAndSucceedsLateClosesTheCircuit() {
    Gate gate = gate(CIRCUIT);
    open(gate);
    Gate.Passage slow = passed(gate, 30 * SECOND);
    passed(gate, 60 * SECOND);

    slow.ended(Ending.SUCCESS, null, 65 * SECOND);

    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void attemptsFromBeforeTheCircuitOpenedDoNotChangeIt() {
    for (Ending ending : Ending.values()) {
      Gate gate = gate(CIRCUIT);
      Gate.Passage early = passed(gate, 0);
      open(gate);
      passed(gate, 30 * SECOND);

      early.ended(ending, ending == Ending.FAILURE ? down : null, 31 * SECOND);

      assertThat(gate.isOpen()).as("open after %s", ending).isTrue();
      assertThat(gate.pass(32 * SECOND)).as("one tries still, after %s", ending).isNull();
    }
  }

  @Test
  void anAttemptFromBeforeTheCircuitClosedDoesNotReopenIt() {
    Gate gate = gate(CIRCUIT);
    open(gate);
    Gate.Passage hangs = passed(gate, 30 * SECOND);
    passed(gate, 60 * SECOND).ended(Ending.SUCCESS, null, 61 * SECOND);

    hangs.ended(Ending.FAILURE, down, 62 * SECOND);

    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void aReplacementKeepsTheRateAndBeginsWithAClosedCircuit() {
    Pace pace = new Pace(Rate.parse("3/h"), 1, Duration.ofSeconds(30));
    Gate gate = gate(pace);
    passed(gate, 0);
    open(gate);

    gate.usedBy(pace);

    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.pass(SECOND)).isNotNull();
    assertThat(gate.pass(SECOND)).as("the fourth within an hour").isNull();
  }

  @Test
  void aLoweredRateCountsAtOnce() {
    Gate gate = gate(new Pace(Rate.parse("10/m"), 0, Duration.ZERO));
    for (int second = 0; second < 5; second++) {
      passed(gate, second * SECOND);
    }

    gate.usedBy(new Pace(Rate.parse("2/m"), 0, Duration.ZERO));

    assertThat(gate.pass(62 * SECOND)).isNull();
    assertThat(gate.pass(63 * SECOND)).isNotNull();
  }

  @Test
  void aSubscriptionThatComesBackLeavesTheCircuitOfItsDestinationAsItIs() {
    Gate gate = new Gate("jira");
    gate.sharedBy("ci", CIRCUIT);
    open(gate);

    gate.sharedBy("ci", CIRCUIT);
    assertThat(gate.isOpen()).isTrue();

    gate.sharedBy("ci", new Pace(Rate.parse("1/s"), 1, Duration.ofSeconds(30)));
    assertThat(gate.isOpen()).as("only its rate has changed").isTrue();
    assertThat(log.lines()).as("it says something else than itself").hasSize(1);

    gate.sharedBy("deploy", CIRCUIT);
    assertThat(log.lines()).hasSize(2);
    assertThat(log.lines().get(1)).contains("\"deploy\" sets another maximumRate");
  }

  private static Gate gate(Pace pace) {
    Gate gate = new Gate("jira");
    gate.usedBy(pace);
    return gate;
  }

  private static Gate.Passage passed(Gate gate, long now) {
    return Objects.requireNonNull(gate.pass(now));
  }

  private void open(Gate gate) {
    passed(gate, 0).ended(Ending.FAILURE, down, 0);
  }
}
