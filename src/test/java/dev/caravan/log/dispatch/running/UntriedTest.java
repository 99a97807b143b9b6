package dev.caravan.log.dispatch.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoreOfPushes;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.RetryPolicy;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An attempt that could not begin, since nothing could be read at that moment. */
class UntriedTest extends StoreOfPushes {
  private RunningSubscription subscription;
  private int told;

  /** It is closed meanwhile. */
  @Override
  public Delivery load(long position) throws UnreadableException {
    subscription.close();
    told = 0;
    throw new UnreadableException(new SQLException("away"), false);
  }

  @Override
  public void outcomeWaiting(boolean urgent) {
    if (subscription.isOver()) {
      told++;
    }
  }

  @Test
  void aSubscriptionEndsThoughItsLastAttemptDidNotBegin() {
    subscription =
        new Dispatchers(this, new MemoryMarks(), 1 << 30, 100, new ManualTiming(new Random(1)))
            .begin(
                1,
                new StoredCursor(1, List.of()),
                false,
                TestLog.wanted("ci", "*", Runnable::run)
                    .concurrency(1)
                    .orderBy(OrderBy.NONE)
                    .retry(RetryPolicy.DEFAULT)
                    .settings(),
                attempt -> {},
                new SubscriptionCounters());
    subscription.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    subscription.caughtUp(List.of(new Envelope(1, "push", Delivery.Subject.NONE, 2)), 2, () -> 2);

    assertThat(subscription.isOver()).isTrue();
    assertThat(told).isEqualTo(1);
  }
}
