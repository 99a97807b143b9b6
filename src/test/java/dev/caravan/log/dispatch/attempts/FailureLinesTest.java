package dev.caravan.log.dispatch.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.webhook.CapturedLog;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of failures, on a clock of the test's own. */
class FailureLinesTest {
  private static final int SECOND = 1_000;
  private static final int MINUTE = 60 * SECOND;

  private final ManualTiming timing = new ManualTiming(new Random(1));
  private final CapturedLog log = new CapturedLog("dev.caravan.subscription");
  private final FailureLines failures =
      new FailureLines(
          TestLog.wanted("ci", "*", Runnable::run)
              .concurrency(1)
              .retry(RetryPolicy.DEFAULT)
              .settings(),
          timing);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void rareFailuresAreLoggedInFullEachTime() {
    for (int hour = 0; hour < 20; hour++) {
      fail(Next.RETRY);
      timing.pass(2 * MINUTE);
      failures.succeeded();
      timing.pass(58 * MINUTE);
    }

    assertThat(log.lines()).hasSize(20).allMatch(line -> line.startsWith("WARN Delivery 1 (push)"));
  }

  @Test
  void threeHoursInWhichEverythingFailsAreSevenLines() {
    for (int second = 0; second < 3 * 3600; second++) {
      for (int attempt = 0; attempt < 10; attempt++) {
        fail(Next.RETRY);
      }
      timing.pass(SECOND);
    }
    timing.pass(MINUTE + SECOND);
    failures.succeeded();
    failures.succeeded();

    List<String> lines = log.lines();
    assertThat(lines).as("the first, five sums, the recovery").hasSize(7);
    assertThat(lines.get(0)).startsWith("WARN Delivery 1 (push) to \"ci\" failed");
    assertThat(lines.get(1))
        .startsWith(
            "WARN \"ci\" keeps failing: 600 more attempts in 60 s, and 0 more dead letters.")
        .contains("Connection refused");
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            "WARN \"ci\" works again: 108,000 attempts failed in 179 min, with 0 dead letters.");
  }

  @Test
  void deadLettersAreCountedInTheSumsWhichAreErrorsThen() {
    for (int second = 0; second <= 70; second++) {
      fail(second % 2 == 0 ? Next.RETRY : Next.DEAD_LETTER);
      timing.pass(SECOND);
    }

    assertThat(log.lines().get(1)).startsWith("ERROR Delivery 1 (push) to \"ci\" failed");
    assertThat(log.lines().get(2))
        .startsWith(
            "ERROR \"ci\" keeps failing: 59 more attempts in 60 s, and 29 more dead letters.");
  }

  @Test
  void aLastDeadLetterIsLoggedWithinAMinute() {
    fail(Next.DEAD_LETTER);
    timing.pass(10 * SECOND);
    fail(Next.DEAD_LETTER);
    assertThat(log.lines()).hasSize(1);

    timing.pass(50 * SECOND + 1);
    assertThat(log.lines()).hasSize(2);
    assertThat(log.lines().get(1))
        .startsWith("ERROR \"ci\" keeps failing: 1 more attempt in 60 s, and 1 more dead letter.");
    timing.pass(180 * MINUTE);
    assertThat(log.lines()).as("once").hasSize(2);
  }

  @Test
  void deadLettersAreLoggedWhenTheSubscriptionEnds() {
    fail(Next.DEAD_LETTER);
    fail(Next.DEAD_LETTER);
    fail(Next.DEAD_LETTER);

    failures.sayDeadLetters();
    failures.sayDeadLetters();
    timing.pass(2 * MINUTE);

    assertThat(log.lines()).hasSize(2);
    assertThat(log.lines().get(1)).contains("and 2 more dead letters.");
  }

  @Test
  void attemptsThatWereCutOffAreNotSummedUp() {
    for (int attempt = 0; attempt < 8; attempt++) {
      fail(Next.CUT_OFF);
    }
    failures.sayDeadLetters();
    timing.pass(2 * MINUTE);

    assertThat(log.lines()).hasSize(1);
  }

  @Test
  void aSingleSuccessAmongFailuresIsNoRecovery() {
    for (int second = 0; second < 50; second++) {
      fail(Next.RETRY);
      failures.succeeded();
      timing.pass(SECOND);
    }

    assertThat(log.lines()).hasSize(1);
  }

  @Test
  void troubleThatComesBackIsLoggedInFullAgain() {
    for (int time = 0; time < 10; time++) {
      fail(Next.RETRY);
    }
    timing.pass(2 * MINUTE);
    failures.succeeded();
    fail(Next.RETRY);

    assertThat(log.lines()).as("the first, a sum, the recovery, the next").hasSize(4);
    assertThat(log.lines().get(3)).startsWith("WARN Delivery 1 (push) to \"ci\" failed");
  }

  @Test
  void upToTwentyKindsOfErrorsAreLoggedOnceEachHoweverTheirTextsDiffer() {
    for (int time = 0; time < 100; time++) {
      fail(Next.RETRY, "ConnectException: Connection refused, try " + time);
      fail(Next.RETRY, "HttpOperationFailedException: statusCode: 503, try " + time);
    }
    assertThat(log.lines()).hasSize(2);

    for (int kind = 100; kind < 200; kind++) {
      fail(Next.RETRY, "HttpOperationFailedException: statusCode: " + (kind + 350));
    }
    assertThat(log.lines()).hasSize(20);
  }

  @Test
  void aFailureBeforeASuccessIsOneLine() {
    fail(Next.RETRY);
    timing.pass(2 * MINUTE);
    failures.succeeded();

    assertThat(log.lines()).hasSize(1);
  }

  private void fail(Next next) {
    fail(next, "Connection refused");
  }

  private void fail(Next next, String error) {
    failures.failed(
        "Delivery 1 (push)",
        "1",
        new Outcome(1, false, 1, 0, 5, error, next, timing.millis() + MINUTE),
        false);
  }
}
