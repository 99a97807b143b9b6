package dev.caravan.log.dispatch.workingset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.StoredCursor;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private final WorkingSet workingSet =
      new WorkingSet(
          1,
          new StoredCursor(1, List.of()),
          TestLog.wanted("ci", "*", Runnable::run).settings(),
          new ManualTiming(new Random(1)));

  private final ReadAhead reading = workingSet.reading();

  @Test
  void aSubscriptionKeepsUpOnceItHasReadTheLogToItsEnd() {
    assertThat(reading.keepsUp()).isFalse();
    reading.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    reading.caughtUp(entries(1, 3), 3, false);
    assertThat(reading.keepsUp()).isFalse();
    reading.caughtUp(entries(3, 5), 5, true);

    assertThat(reading.keepsUp()).isTrue();
  }

  @Test
  void aSubscriptionWithManyToRunBeforeWhatIsAppendedDoesNotKeepUp() {
    reading.dueRead(new DueBatch(List.of(), List.of(), Long.MAX_VALUE, 0), 0);
    reading.caughtUp(List.of(), 1, true);
    reading.appended(entries(1, 500), 1, 500);
    assertThat(reading.keepsUp()).isTrue();
    reading.appended(entries(500, 600), 500, 600);
    assertThat(reading.keepsUp()).isFalse();

    for (int run = 0; run < 100; run++) {
      workingSet.poll();
    }

    assertThat(reading.keepsUp()).isTrue();
  }

  /** Each in a lane of its own, so that all of them could run. */
  private static List<Envelope> entries(long first, long next) {
    return LongStream.range(first, next)
        .mapToObj(
            position ->
                new Envelope(
                    position,
                    "push",
                    new Delivery.Subject(null, "acme/repo-" + position, null, null, null, null),
                    10))
        .toList();
  }
}
