package dev.caravan.log.dispatch.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoreOfPushes;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.Pace;
import dev.caravan.log.subscription.Rate;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.webhook.CapturedLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A subscription that spares its destination, on a clock of the test's own. */
class PaceTest extends StoreOfPushes {
  private static final int SECOND = 1_000;

  private final ManualTiming timing = new ManualTiming(new Random(1));
  private final CapturedLog log = new CapturedLog("dev.caravan.subscription");
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Attempt> running = new ArrayList<>();
  private final List<Outcome> written = new ArrayList<>();
  private SubscriptionCounters counters = new SubscriptionCounters();
  private RunningSubscription subscription;

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void noMoreAttemptsBeginInATimeThanTheRateAllows() {
    begin(new Pace(Rate.parse("3/m"), 0, Duration.ZERO), 8);

    assertThat(positions()).containsExactly("1", "2", "3");
    succeedAll();
    pass(59 * SECOND);
    assertThat(running).isEmpty();

    pass(SECOND);
    assertThat(positions()).containsExactly("4", "5", "6");
    succeedAll();
    pass(60 * SECOND);
    assertThat(positions()).containsExactly("7", "8");
  }

  @Test
  void whatComesInTheMomentBeforeTheRateAllowsItBegins() {
    begin(new Pace(Rate.parse("1/s"), 0, Duration.ZERO), 1);
    succeedAll();
    pass(SECOND - 1);

    timing.goOn(1);
    subscription.appended(envelopes(2, 2), 2, 3);
    timing.goOn(0);
    pass(SECOND);

    assertThat(positions()).containsExactly("2");
  }

  @Test
  void deliveriesThatTheFilterLeavesOutDoNotCountTowardsTheRate() {
    begin(new Pace(Rate.parse("1/h"), 0, Duration.ZERO), 3);

    running.remove(0).notWanted();
    run();
    running.remove(0).notWanted();
    run();

    assertThat(positions()).containsExactly("3");
  }

  @Test
  void afterFailuresInARowOneTriesAtATimeUntilOneSucceeds() {
    begin(new Pace(null, 3, Duration.ofSeconds(30)), 20);
    assertThat(running).hasSize(4);

    failAll();
    assertThat(running).as("the circuit is open").isEmpty();
    assertThat(counters.isCircuitOpen()).isTrue();
    pass(29 * SECOND);
    assertThat(running).isEmpty();

    pass(SECOND);
    assertThat(positions()).as("one tries").containsExactly("5");
    failAll();
    pass(30 * SECOND);
    assertThat(positions()).as("in their order").containsExactly("6");

    succeedAll();
    assertThat(positions()).as("all at once again").containsExactly("7", "8", "9", "10");
    assertThat(counters.isCircuitOpen()).isFalse();
  }

  @Test
  void anAttemptThatTriesAndHangsDoesNotHoldItsDestinationForEver() {
    begin(new Pace(null, 3, Duration.ofSeconds(30)), 20);
    failAll();
    pass(30 * SECOND);
    assertThat(positions()).as("it tries, and hangs").containsExactly("5");

    pass(30 * SECOND);
    assertThat(positions()).as("another tries").containsExactly("5", "6");
    running.remove(1).succeeded();
    run();

    assertThat(positions()).containsExactly("5", "7", "8", "9");
  }

  @Test
  void anAttemptFromBeforeTheCircuitOpenedDoesNotEndItsTrial() {
    begin(new Pace(null, 3, Duration.ofSeconds(30)), 20);
    Attempt early = running.remove(0);
    failAll();
    pass(30 * SECOND);
    assertThat(positions()).as("one tries").containsExactly("5");

    early.failedForGood(new IllegalStateException("no"));
    pass(SECOND);

    assertThat(positions()).containsExactly("5");
  }

  @Test
  void aRouteThatComesInPlaceOfAnotherGoesOnWithItsRate() {
    Dispatchers dispatchers = new Dispatchers(this, new MemoryMarks(), 1 << 20, 100, timing);
    Pace pace = new Pace(Rate.parse("3/h"), 0, Duration.ZERO);
    begin(dispatchers, 1, pace, 8);
    assertThat(running).hasSize(3);
    running.clear();
    subscription.close();

    begin(dispatchers, 1, pace, 8);

    assertThat(running).isEmpty();
  }

  @Test
  void threeHoursOfOutageMakeNoDeadLetterOfWhatIsHeldBackAndFewLines() {
    begin(new Pace(null, 3, Duration.ofSeconds(30)), 400);

    for (int second = 0; second < 3 * 3600; second += 30) {
      failAll();
      pass(30 * SECOND);
    }
    succeedAll();
    for (int step = 0; step < 400; step++) {
      succeedAll();
    }

    assertThat(written).noneMatch(each -> each.next() == Outcome.Next.DEAD_LETTER);
    assertThat(written).filteredOn(each -> each.next() == Outcome.Next.RETRY).hasSizeLessThan(370);
    assertThat(written).filteredOn(each -> each.next() == Outcome.Next.DONE).isNotEmpty();
    assertThat(log.lines()).hasSizeBetween(7, 20);
    assertThat(log.lines()).filteredOn(line -> line.contains("circuit")).hasSize(2);
  }

  @Test
  void permanentFailuresDoNotOpenTheCircuit() {
    begin(new Pace(null, 3, Duration.ofSeconds(30)), 12);
    for (int round = 0; round < 2; round++) {
      List.copyOf(running).forEach(each -> each.failedForGood(new IllegalStateException("no")));
      running.clear();
      run();
    }

    assertThat(running).hasSize(4);
  }

  @Test
  void subscriptionsOfOneDestinationShareItsRateAndItsCircuit() {
    Dispatchers dispatchers = new Dispatchers(this, new MemoryMarks(), 1 << 20, 100, timing);
    Pace pace = new Pace(null, 3, Duration.ofSeconds(30), "jira");
    begin(dispatchers, 1, pace, 20);
    failAll();
    assertThat(running).isEmpty();

    SubscriptionCounters first = counters;
    counters = new SubscriptionCounters();
    begin(dispatchers, 2, pace, 20);
    assertThat(running).as("the other's circuit is open, too").isEmpty();
    assertThat(counters.isCircuitOpen()).isTrue();

    pass(30 * SECOND);
    assertThat(running).as("one of both tries").hasSize(1);
    succeedAll();
    pass(SECOND);
    assertThat(running).as("both go on").hasSize(8);
    assertThat(List.of(first.isCircuitOpen(), counters.isCircuitOpen())).containsOnly(false);
  }

  @Test
  void aRouteThatComesInPlaceOfAnotherBeginsWithItsCircuitClosed() {
    Pace pace = new Pace(null, 3, Duration.ofSeconds(30));
    begin(pace, 20);
    failAll();
    assertThat(counters.isCircuitOpen()).isTrue();
    subscription.close();

    begin(pace, 20);

    assertThat(counters.isCircuitOpen()).isFalse();
  }

  @Test
  void ratesAreReadAsTheyAreWritten() {
    assertThat(Rate.parse("10/h")).isEqualTo(new Rate(10, Duration.ofHours(1)));
    assertThat(Rate.parse("0.2/s")).isEqualTo(new Rate(1, Duration.ofSeconds(5)));
    assertThat(Rate.parse("20").perSecond()).isEqualTo(20);
    assertThat(Rate.parse("0.2/s").perSecond()).isEqualTo(0.2);
  }

  private void begin(Pace pace, int deliveries) {
    begin(new Dispatchers(this, new MemoryMarks(), 1 << 20, 100, timing), 1, pace, deliveries);
  }

  private void begin(Dispatchers dispatchers, long id, Pace pace, int deliveries) {
    SubscriptionSettings settings =
        TestLog.wanted("ci" + id, "*", tasks::add)
            .orderBy(OrderBy.NONE)
            .pace(pace)
            .retry(RetryPolicy.DEFAULT)
            .settings();
    subscription =
        dispatchers.begin(
            id, new StoredCursor(1, List.of()), false, settings, this::attempt, counters);
    subscription.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    subscription.caughtUp(envelopes(1, deliveries), deliveries + 1, () -> deliveries + 1);
    run();
  }

  private static List<Envelope> envelopes(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(position -> new Envelope(position, "push", Delivery.Subject.NONE, 100))
        .toList();
  }

  private void attempt(Attempt attempt) {
    running.add(attempt);
  }

  private List<String> positions() {
    return running.stream().map(Attempt::position).toList();
  }

  private void failAll() {
    List<Attempt> all = List.copyOf(running);
    running.clear();
    all.forEach(each -> each.failed(new IllegalStateException("down")));
    run();
  }

  private void succeedAll() {
    List<Attempt> all = List.copyOf(running);
    running.clear();
    all.forEach(Attempt::succeeded);
    run();
  }

  private void pass(long millis) {
    timing.pass(millis);
    run();
  }

  /** What the subscription wants to be done is done, and what it says is on disk. */
  private void run() {
    boolean more = true;
    while (more) {
      more = false;
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
        more = true;
      }
      RunningSubscription.Changes changes = subscription.changes(false);
      if (changes != null) {
        written.addAll(changes.outcomes());
        subscription.written();
        more = true;
      }
    }
  }
}
