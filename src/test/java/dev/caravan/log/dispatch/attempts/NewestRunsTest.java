package dev.caravan.log.dispatch.attempts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.Run;
import dev.caravan.log.dispatch.StoreOfPushes;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.RetryPolicy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What retries after a restart ask of the tables, when much has run before it. */
class NewestRunsTest extends StoreOfPushes {
  private static final int RUNS = 100_000;
  private static final int STRETCH = 1_000;

  private int lanes = 1;
  private int stretches;
  private boolean isUnreadable;

  private final NewestRuns newestRuns =
      new NewestRuns(
          1,
          TestLog.wanted("ci", "*", Runnable::run)
              .concurrency(8)
              .newestOnly()
              .retry(RetryPolicy.DEFAULT)
              .settings(),
          this);

  /** All positions from 1 on have run, one lane after the other. */
  @Override
  public Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException {
    if (isUnreadable) {
      throw new UnreadableException(new IOException("disk I/O error"), false);
    }
    stretches++;
    long end = Math.min(RUNS, before - 1);
    long from = Math.max(after, end - STRETCH) + 1;
    Map<String, Run> newest = new HashMap<>();
    for (long position = from; position <= end; position++) {
      newest.put(lane(position), new Run(position, 0));
    }
    return new Stretch(from, newest);
  }

  private String lane(long position) {
    return "acme/" + position % lanes;
  }

  private boolean haveOvertaken(long position) throws Exception {
    return newestRuns.haveOvertaken(
        new InFlightDelivery(position, lane(position), 2, 1)); // it has failed once
  }

  @Test
  void theTablesAreReadOnceForTheRetriesOfAllLanes() throws Exception {
    lanes = 5_000;

    for (int position : IntStream.rangeClosed(1, RUNS).filter(at -> at % 10 == 0).toArray()) {
      assertThat(haveOvertaken(position)).isEqualTo(position <= RUNS - lanes);
    }

    assertThat(stretches).isLessThanOrEqualTo(RUNS / STRETCH);
  }

  @Test
  void aRetryIsAnsweredByTheLastRunsWhenTheseAreOfItsLane() throws Exception {
    lanes = 10;

    assertThat(haveOvertaken(1)).isTrue();

    assertThat(stretches).isEqualTo(1);
  }

  @Test
  void moreLanesThanAreRememberedAreReadAnew() throws Exception {
    lanes = 30_000;

    for (int round = 0; round < 2; round++) {
      for (int position : new int[] {1, RUNS - lanes, RUNS - lanes + 1, RUNS}) {
        assertThat(haveOvertaken(position)).as("%s", position).isEqualTo(position <= RUNS - lanes);
      }
    }
  }

  @Test
  void moreLanesThanAreRememberedAreReadAnewThoughTheFirstTryFails() throws Exception {
    lanes = 30_000;
    haveOvertaken(RUNS - lanes + 1);
    isUnreadable = true;
    assertThatThrownBy(() -> haveOvertaken(RUNS - lanes)).isInstanceOf(UnreadableException.class);
    isUnreadable = false;

    assertThat(haveOvertaken(RUNS - lanes)).isTrue();
  }
}
