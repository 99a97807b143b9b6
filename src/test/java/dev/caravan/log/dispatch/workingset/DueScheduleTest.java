package dev.caravan.log.dispatch.workingset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import org.junit.jupiter.api.Test;

class DueScheduleTest {
  private static final long PAUSE = 1_000;

  private final DueSchedule due = new DueSchedule(PAUSE);

  @Test
  void afterTheClockWasSetBackEveryRetryIsLookedFor() {
    due.read(20_000, 10_000);

    assertThat(due.furthest(10_001)).isEqualTo(Long.MAX_VALUE);
    assertThat(due.wantsReading(5_000)).isTrue();
    assertThat(due.furthest(5_000)).isEqualTo(5_000 + PAUSE);
  }

  @Test
  void aRetryDecidedBeforeTheClockWasSetBackAndWrittenAfterItIsLookedForToo() {
    due.read(Long.MAX_VALUE, 5_000);
    due.written(new Outcome(1, false, 1, 9_000, 0, "down", Next.RETRY, 10_000), 5_000);

    assertThat(due.wantsReading(5_001)).isTrue();
    assertThat(due.furthest(5_001)).isEqualTo(5_001 + PAUSE);
  }

  @Test
  void aRetryWrittenWhileTheClockWasAheadIsLookedForOnceItIsSetRight() {
    due.read(Long.MAX_VALUE, 5_000);
    due.written(new Outcome(1, false, 1, 89_000, 0, "down", Next.RETRY, 90_000), 89_500);

    assertThat(due.wantsReading(6_000)).isTrue();
    assertThat(due.furthest(6_000)).isEqualTo(6_000 + PAUSE);
  }

  @Test
  void whenNotAllRetriesCouldBeReadTheRestIsLookedForToo() {
    due.read(20_000, 10_000);

    due.read(5_000, 5_000); // as much as is read at once

    assertThat(due.wantsReading(5_001)).isTrue();
    assertThat(due.furthest(5_001)).isEqualTo(5_001 + PAUSE);
  }

  @Test
  void whenAllRetriesWereReadTheTimesInTheTableCountAgain() {
    due.read(20_000, 10_000);

    due.read(20_000, 5_000);

    assertThat(due.wantsReading(5_001)).isFalse();
    assertThat(due.furthest(5_001)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aHeadThatHoldsUpItsLaneIsDueAtItsTimeOrOnceTheClockIsSetBack() {
    InFlightDelivery held = new InFlightDelivery(1, "acme/rocket", 10, 1);
    due.hold(held, 10_000);

    assertThat(due.heldAndDue(9_999)).isEmpty();
    assertThat(due.heldAndDue(10_000)).containsExactly(held);
    assertThat(due.heldAndDue(5_000)).containsExactly(held);

    due.release(held);
    assertThat(due.heldAndDue(10_000)).isEmpty();
  }
}
