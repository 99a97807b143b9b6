package dev.caravan.log.dispatch.workingset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.RunningSubscription.Redelivery;
import dev.caravan.log.dispatch.RunningSubscription.Standing;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.subscription.RetryPolicy;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whether a delivery may be put into the due table: a row that is put there before an outcome is
 * written would be deleted with it. The moment is too short to be met by running the log.
 */
class WorkingSetTest {
  private final WorkingSet workingSet =
      new WorkingSet(
          1,
          new StoredCursor(5, List.of()),
          TestLog.wanted("ci", "*", Runnable::run)
              .concurrency(1)
              .retry(RetryPolicy.DEFAULT)
              .settings(),
          new ManualTiming(new Random(1)));

  @Test
  void aDeliveryOfTheCursorIsFreeOnceItsOutcomeIsOnDisk() {
    assertThat(workingSet.standing(4)).isEqualTo(Standing.FREE);
    assertThat(workingSet.standing(5)).isEqualTo(Standing.WAITING);
    workingSet.reading().dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    workingSet.reading().caughtUp(List.of(entry(5)), 6, true);
    assertThat(workingSet.standing(5)).isEqualTo(Standing.WAITING);

    ended(workingSet.poll(), null);
    assertThat(workingSet.standing(5)).isEqualTo(Standing.BEING_WRITTEN);
    assertThat(workingSet.changes()).isNotNull();
    assertThat(workingSet.standing(5)).isEqualTo(Standing.BEING_WRITTEN);
    workingSet.written();

    assertThat(workingSet.standing(5)).isEqualTo(Standing.FREE);
  }

  @Test
  void aReplayIsFreeForAnotherOnceItsOutcomeIsOnDisk() {
    workingSet
        .reading()
        .dueRead(
            new DueBatch(List.of(new DueBatch.Row(entry(3), 0, 0)), List.of(), Long.MAX_VALUE, 0),
            0);
    assertThat(workingSet.standing(3)).isEqualTo(Standing.WAITING);

    ended(workingSet.poll(), null);
    assertThat(workingSet.standing(3)).isEqualTo(Standing.BEING_WRITTEN);
    assertThat(workingSet.changes()).isNotNull();
    workingSet.notWritten();
    assertThat(workingSet.standing(3)).isEqualTo(Standing.BEING_WRITTEN);
    assertThat(workingSet.changes()).isNotNull();
    workingSet.written();

    assertThat(workingSet.standing(3)).isEqualTo(Standing.FREE);
  }

  @Test
  void anAttemptThatBeganBeforeARedeliveryWasOnDiskDoesNotCountIfItFails() {
    workingSet.reading().dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    workingSet.reading().caughtUp(List.of(entry(5), entry(6)), 7, true);
    assertThat(workingSet.redelivered(5)).isEqualTo(Redelivery.RUNS);
    assertThat(workingSet.redelivered(6)).isEqualTo(Redelivery.RUNS);
    InFlightDelivery begun = workingSet.poll();

    workingSet.dueChanged(); // the redeliveries are on disk

    assertThat(ended(begun, "down").next()).isEqualTo(Next.AGAIN);
    assertThat(ended(workingSet.poll(), "down").next()).isEqualTo(Next.DEAD_LETTER);
  }

  @Test
  void aReplayThatBeganBeforeARedeliveryWasOnDiskDoesNotCountIfItFails() {
    DueBatch.Row row = new DueBatch.Row(entry(3), 0, 0);
    workingSet.reading().dueRead(new DueBatch(List.of(row), List.of(), Long.MAX_VALUE, 0), 0);
    assertThat(workingSet.redelivered(3)).isEqualTo(Redelivery.NOT_KNOWN);

    assertThat(ended(workingSet.poll(), "down").next()).isEqualTo(Next.AGAIN);
  }

  @Test
  void aRowThatIsReadBeforeARedeliveryIsOnDiskDoesNotCountIfItFails() {
    DueBatch.Row row = new DueBatch.Row(entry(3), 0, 0);
    assertThat(workingSet.redelivered(3)).isEqualTo(Redelivery.NOT_KNOWN);
    workingSet.reading().dueRead(new DueBatch(List.of(row), List.of(), Long.MAX_VALUE, 0), 0);

    assertThat(ended(workingSet.poll(), "down").next()).isEqualTo(Next.AGAIN);
  }

  private static Envelope entry(long position) {
    return new Envelope(position, "push", Delivery.Subject.NONE, 10);
  }

  private Outcome ended(InFlightDelivery delivery, @Nullable String error) {
    Next next = error == null ? Next.DONE : Next.DEAD_LETTER;
    return workingSet.ended(
        delivery, new Outcome(delivery.position(), delivery.isDue(), 1, 0, 0, error, next, 0));
  }
}
