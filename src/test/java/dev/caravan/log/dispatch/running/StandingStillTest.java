package dev.caravan.log.dispatch.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.dispatch.StoreOfPushes;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For one that runs nothing, nothing is kept at hand, and nothing else is done more slowly. */
class StandingStillTest extends StoreOfPushes {
  private final ManualTiming timing = new ManualTiming(new Random(1));
  private final RunningSubscriptions all = new RunningSubscriptions(timing::nanos);
  private final RunningSubscription subscription =
      new Dispatchers(this, new MemoryMarks(), 1 << 30, 100, timing)
          .begin(
              1,
              new StoredCursor(1, List.of()),
              false,
              TestLog.wanted("ci", "*", any -> {}).settings(),
              attempt -> {},
              new SubscriptionCounters());

  @BeforeEach
  void begin() {
    all.add(subscription);
    subscription.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
  }

  private void readToTheEnd() {
    subscription.caughtUp(List.of(new Envelope(1, "push", Delivery.Subject.NONE, 2)), 2, () -> 2);
  }

  @Test
  void aPausedOneIsNotBehindUntilItIsResumed() {
    assertThat(all.areBehind()).isTrue();

    subscription.pause();
    assertThat(all.areBehind()).isFalse();

    subscription.resume();
    assertThat(all.areBehind()).isTrue();
  }

  @Test
  void aPausedOneDoesNotKeepUpUntilItIsResumed() {
    readToTheEnd();
    assertThat(all.keepUp()).isTrue();

    subscription.pause();
    assertThat(all.keepUp()).isFalse();

    subscription.resume();
    assertThat(all.keepUp()).isTrue();
    assertThat(all.areBehind()).isFalse();
  }

  @Test
  void aClosedOneNeitherKeepsUpNorIsBehind() {
    subscription.close();
    assertThat(all.areBehind()).isFalse();

    readToTheEnd();
    assertThat(all.keepUp()).isFalse();
  }
}
