package dev.caravan.log.dispatch.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.dispatch.ManualTiming;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteShareTest {
  private static final int PERCENT = 15;
  private static final int PROCESSORS = 2;
  private static final int MOST = 1000;

  private final ManualTiming timing = new ManualTiming(new Random(1));
  private final RouteShare share = new RouteShare(PERCENT, PROCESSORS, timing);
  private final List<String> begun = new ArrayList<>();
  private int pauses;

  /** A subscription with attempts that use the processor for a millisecond each. */
  private final class Subscription implements RouteShare.User {
    private final String name;
    private final long millis;

    Subscription(String name, long millis) {
      this.name = name;
      this.millis = millis;
    }

    /** One attempt, if it may begin; the next one after the others had their turn. */
    @Override
    public void mayBegin() {
      if (begun.size() == MOST) {
        return;
      }
      if (!share.mayBegin(this)) {
        pauses++;
      } else {
        long attempt = share.begin();
        begun.add(name);
        timing.use(millis);
        share.end(attempt);
        timing.later(0, this::mayBegin);
      }
    }
  }

  @Test
  void whileNobodyWaitsNothingIsHeldBack() {
    timing.busy(true);

    assertThat(share.mayBegin(() -> {})).isTrue();
    assertThat(share.begin()).isEqualTo(RouteShare.FREE);
  }

  @Test
  void whileSendersWaitForABusyProcessorRoutesGetTheirShareOfIt() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 1).mayBegin();

    sendersWaitFor(1000);

    assertThat(begun).hasSizeBetween(290, 302); // of 2,000 milliseconds that two processors have
  }

  @Test
  void whatIsCompiledMeanwhileIsPartOfTheShare() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 1).mayBegin();

    for (int passed = 0; passed < 1000; passed++) {
      if (passed % 500 == 100) {
        timing.compile(50); // told when it is done
      }
      share.sendersWait();
      timing.pass(1);
    }

    assertThat(begun).hasSizeBetween(185, 212); // 100 less than without
  }

  @Test
  void halfOfTheShareIsLeftForAttemptsHoweverMuchIsCompiled() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 1).mayBegin();

    for (int passed = 0; passed < 1000; passed++) {
      timing.compile(2);
      share.sendersWait();
      timing.pass(1);
    }

    assertThat(begun).hasSizeBetween(145, 162);
  }

  @Test
  void whatIsCompiledWhileAttemptsWaitForTheirDestinationHoldsUpNoneAfterwards() {
    timing.busy(true);
    share.sendersWait();
    share.mayBegin(() -> {});
    timing.pass(1);
    for (int passed = 0; passed < 4000; passed++) {
      timing.compile(1);
      share.sendersWait();
      timing.pass(1);
    }

    new Subscription("a", 1).mayBegin();
    sendersWaitFor(200);

    assertThat(begun).hasSizeBetween(20, 45); // half of the share of 200 ms, and what was saved
  }

  @Test
  void routesPauseForAWhileRatherThanBeforeEachAttempt() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 1).mayBegin();

    sendersWaitFor(1000);

    assertThat(pauses).isBetween(50, (int) (1000 / RouteShare.PAUSE_MILLIS) + 1);
  }

  @Test
  void aLongAttemptsTimeIsMadeUpFor() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 150).mayBegin();

    sendersWaitFor(3000);

    assertThat(begun).hasSizeBetween(5, 7); // 900 milliseconds' worth
  }

  @Test
  void subscriptionsInLineBeginInTurn() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 5).mayBegin();
    new Subscription("b", 5).mayBegin();

    sendersWaitFor(1000);

    assertThat(begun.stream().filter("a"::equals).count()).isBetween(25L, 35L);
    assertThat(begun.stream().filter("b"::equals).count()).isBetween(25L, 35L);
  }

  @Test
  void withoutAnAttemptToBeginTheProcessorIsNotLookedAt() {
    timing.busy(true);

    sendersWaitFor(1000);

    assertThat(timing.looks()).isZero();
  }

  /** The log asks right after a commit, and would commit the next deliveries later. */
  @Test
  void whoeverWouldBeginAnAttemptDoesNotLookAtTheProcessorItself() {
    timing.busy(true);
    share.sendersWait();

    assertThat(share.mayBegin(() -> {})).isTrue();
    assertThat(timing.looks()).isZero();

    timing.pass(0);
    assertThat(timing.looks()).isOne();
    assertThat(share.mayBegin(() -> {})).isFalse();
  }

  @Test
  void sendersThatWaitForTheDiskHoldNobodyBack() {
    timing.busy(false);
    share.sendersWait();
    share.mayBegin(() -> {});
    timing.pass(1);

    assertThat(share.mayBegin(() -> {})).isTrue();
  }

  @Test
  void nobodyIsHeldBackForLongOnceSendersWaitNoMore() {
    timing.busy(true);
    share.sendersWait();
    new Subscription("a", 100).mayBegin();
    sendersWaitFor(100);
    begun.clear();

    timing.pass(RouteShare.WAITING_MILLIS);
    timing.pass(RouteShare.WAITING_MILLIS);

    assertThat(begun).hasSizeGreaterThan(1);
    assertThat(share.begin()).isEqualTo(RouteShare.FREE);
  }

  @Test
  void aLookThatComesWhenSendersWaitNoMoreLimitsNobody() {
    timing.busy(true);
    share.sendersWait();
    share.mayBegin(() -> {});
    timing.goOn(RouteShare.WAITING_MILLIS);
    long unused = timing.nanos(); // it goes on, and nothing is done meanwhile
    timing.goOn(0);
    share.mayBegin(() -> {});

    timing.pass(0);

    assertThat(timing.looks()).isOne();
    assertThat(share.begin()).isEqualTo(RouteShare.FREE);
  }

  @Test
  void aShareOfOneHundredPercentIsNoLimit() {
    RouteShare all = new RouteShare(100, PROCESSORS, timing);
    timing.busy(true);
    all.sendersWait();

    assertThat(all.mayBegin(() -> {})).isTrue();
    assertThat(all.begin()).isEqualTo(RouteShare.FREE);
  }

  private void sendersWaitFor(long millis) {
    for (long passed = 0; passed < millis; passed++) {
      share.sendersWait();
      timing.pass(1);
    }
  }
}
