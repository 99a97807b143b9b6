package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.Delivery;
import dev.caravan.log.EventFilter;
import dev.caravan.log.OrderBy;
import dev.caravan.log.RetryPolicy;
import dev.caravan.log.StartFrom;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.sqlite.Outcome.Next;
import dev.caravan.log.sqlite.Window.Redelivery;
import dev.caravan.log.sqlite.Window.Standing;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whether a delivery may be put into the due table: a row that is put there before an outcome is
 * written would be deleted with it. The moment is too short to be met by running the log.
 */
class WindowStandingTest {
  private final Window window =
      new Window(
          new StoredSubscription(1, "ci", 5, List.of(), false),
          new SubscriptionSettings(
              "ci",
              EventFilter.parse("*", null),
              1,
              OrderBy.REPOSITORY,
              false,
              StartFrom.NOW,
              RetryPolicy.DEFAULT,
              Runnable::run),
          new ManualTiming(new Random(1)));

  @Test
  void aDeliveryOfTheCursorIsFreeOnceItsOutcomeIsOnDisk() {
    assertThat(window.standing(4)).isEqualTo(Standing.FREE);
    assertThat(window.standing(5)).isEqualTo(Standing.WAITING);
    window.dueRead(new DueRows(List.of(), List.of(), Long.MAX_VALUE, 0, List.of()), 0);
    window.caughtUp(List.of(entry(5)), 6, true);
    assertThat(window.standing(5)).isEqualTo(Standing.WAITING);

    window.ended(done(window.poll()));
    assertThat(window.standing(5)).isEqualTo(Standing.BEING_WRITTEN);
    assertThat(window.changes()).isNotNull();
    assertThat(window.standing(5)).isEqualTo(Standing.BEING_WRITTEN);
    window.written();

    assertThat(window.standing(5)).isEqualTo(Standing.FREE);
  }

  @Test
  void aReplayIsFreeForAnotherOnceItsOutcomeIsOnDisk() {
    window.dueRead(
        new DueRows(
            List.of(new DueRows.Row(entry(3), 0, 0)), List.of(), Long.MAX_VALUE, 0, List.of()),
        0);
    assertThat(window.standing(3)).isEqualTo(Standing.WAITING);

    window.ended(done(window.poll()));
    assertThat(window.standing(3)).isEqualTo(Standing.BEING_WRITTEN);
    assertThat(window.changes()).isNotNull();
    window.notWritten();
    assertThat(window.standing(3)).isEqualTo(Standing.BEING_WRITTEN);
    assertThat(window.changes()).isNotNull();
    window.written();

    assertThat(window.standing(3)).isEqualTo(Standing.FREE);
  }

  @Test
  void anAttemptThatBeganBeforeARedeliveryWasOnDiskDoesNotCountIfItFails() {
    window.dueRead(new DueRows(List.of(), List.of(), Long.MAX_VALUE, 0, List.of()), 0);
    window.caughtUp(List.of(entry(5), entry(6)), 7, true);
    assertThat(window.redelivered(5)).isEqualTo(Redelivery.RUNS);
    assertThat(window.redelivered(6)).isEqualTo(Redelivery.RUNS);
    Pending begun = window.poll();

    window.dueChanged(); // the redeliveries are on disk

    assertThat(window.ended(dead(begun)).next()).isEqualTo(Next.AGAIN);
    assertThat(window.ended(dead(window.poll())).next()).isEqualTo(Next.DEAD_LETTER);
  }

  @Test
  void aReplayThatBeganBeforeARedeliveryWasOnDiskDoesNotCountIfItFails() {
    DueRows.Row row = new DueRows.Row(entry(3), 0, 0);
    window.dueRead(new DueRows(List.of(row), List.of(), Long.MAX_VALUE, 0, List.of()), 0);
    assertThat(window.redelivered(3)).isEqualTo(Redelivery.NOT_KNOWN);

    assertThat(window.ended(dead(window.poll())).next()).isEqualTo(Next.AGAIN);
  }

  @Test
  void aRowThatIsReadBeforeARedeliveryIsOnDiskDoesNotCountIfItFails() {
    DueRows.Row row = new DueRows.Row(entry(3), 0, 0);
    assertThat(window.redelivered(3)).isEqualTo(Redelivery.NOT_KNOWN);
    window.dueRead(new DueRows(List.of(row), List.of(), Long.MAX_VALUE, 0, List.of()), 0);

    assertThat(window.ended(dead(window.poll())).next()).isEqualTo(Next.AGAIN);
  }

  private static Entry entry(long position) {
    return new Entry(position, new Kinds.Kind("push", null), Delivery.Subject.NONE, 10);
  }

  private static Outcome dead(Pending pending) {
    return new Outcome(pending, 1, 0, 0, "down", Next.DEAD_LETTER, 0);
  }

  private static Outcome done(Pending pending) {
    return new Outcome(pending, 1, 0, 0, null, Next.DONE, 0);
  }
}
