package dev.caravan.log.dispatch.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.AttemptMarks;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoreOfPushes;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.attempts.LargeAttempts;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two large deliveries run side by side while the program ends, and only one makes it end. */
class LargeAttemptsAloneTest extends StoreOfPushes {
  private static final int MEMORY = 1 << 30;

  private final AttemptMarks marks = new MemoryMarks();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Attempt> running = new ArrayList<>();
  private RunningSubscription subscription;

  @Test
  void onlyTheLargeAttemptThatEndsTheProgramIsGivenUp() {
    begin();
    assertThat(running).hasSize(2);
    begin();
    assertThat(running).hasSize(2);

    begin();
    assertThat(running).extracting(Attempt::position).containsExactly("1");
    begin();
    assertThat(running).extracting(Attempt::position).containsExactly("2");
    assertThat(subscription.lastFailure()).isNotNull();
    assertThat(subscription.lastFailure().position()).isEqualTo(1);
  }

  @Test
  void aLargeAttemptThatRanAloneAndEndedLetsTheOtherRun() {
    begin();
    begin();
    begin();

    assertThat(running).hasSize(1);
    running.remove(0).succeeded();
    runAll();

    assertThat(running).extracting(Attempt::position).containsExactly("2");
  }

  /** It ran there, alone after two ends, while this process took something else over. */
  @Test
  void aLargeAttemptThatEndedInAnotherProcessMeanwhileIsNotGivenUp() {
    Dispatchers dispatchers = dispatchers();
    dispatchers.takeMarks(Map.of("1-1", 3));
    dispatchers.takeMarks(Map.of());

    begin(dispatchers);

    assertThat(running).extracting(Attempt::position).containsExactly("1", "2");
  }

  private Dispatchers dispatchers() {
    return new Dispatchers(this, marks, MEMORY, 100, new ManualTiming(new Random(1)));
  }

  private void begin() {
    begin(dispatchers());
  }

  /** What ran before is as in a process that was killed. */
  private void begin(Dispatchers dispatchers) {
    tasks.clear();
    running.clear();
    SubscriptionSettings settings =
        TestLog.wanted("ci", "*", tasks::add)
            .orderBy(OrderBy.NONE)
            .retry(RetryPolicy.DEFAULT)
            .settings();
    subscription =
        dispatchers.begin(
            1,
            new StoredCursor(1, List.of()),
            false,
            settings,
            running::add,
            new SubscriptionCounters());
    subscription.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    subscription.caughtUp(List.of(large(1), large(2)), 3, () -> 3);
    runAll();
  }

  private void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private static Envelope large(long position) {
    return new Envelope(position, "push", Delivery.Subject.NONE, LargeAttempts.LARGE);
  }
}
