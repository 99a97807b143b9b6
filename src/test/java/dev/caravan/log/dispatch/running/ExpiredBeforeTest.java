package dev.caravan.log.dispatch.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoreOfPushes;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Another node has deleted a body, and made a dead letter, before the attempt could begin. */
class ExpiredBeforeTest extends StoreOfPushes {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final RunningSubscription subscription =
      new Dispatchers(this, new MemoryMarks(), 1 << 30, 100, new ManualTiming(new Random(1)))
          .begin(
              1,
              new StoredCursor(1, List.of()),
              false,
              TestLog.wanted("ci", "*", tasks::add).settings(),
              attempt -> {},
              new SubscriptionCounters());

  @Override
  public Delivery load(long position) {
    subscription.close();
    throw new ExpiredException(true);
  }

  /** Otherwise it would be due after the stop, and become a dead letter once more. */
  @Test
  void itStaysADeadLetterWhenItsRouteIsStoppedMeanwhile() {
    subscription.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    subscription.caughtUp(List.of(new Envelope(1, "push", Delivery.Subject.NONE, 2)), 2, () -> 2);

    tasks.remove().run();

    assertThat(subscription.changes(true).outcomes())
        .extracting(Outcome::next)
        .containsExactly(Outcome.Next.EXPIRED_BEFORE);
  }
}
