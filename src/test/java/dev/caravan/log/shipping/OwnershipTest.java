package dev.caravan.log.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.Places;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTest {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final String HERE = "/var/lib/caravan";
  private static final String THERE = "/var/lib/copy";

  @TempDir Path place;
  private Storage storage;
  private Instant now = Instant.parse("2026-11-26T05:00:00Z");

  @BeforeEach
  void open() throws IOException {
    storage = Places.open("file:" + place, "", Map.of());
  }

  /** A copy of a data directory has the log's id, too, and that of its last run. */
  @Test
  void aCopyOfADataDirectoryIsRefusedWithinSecondsAndTheOriginalNoticesNothing() throws Exception {
    Ownership original = ownership(HERE, null);
    original.check();
    Ownership copy = ownership(THERE, original.run());

    for (int second = 0; second < 3600; second++) {
      assertThat(original.check()).isFalse();
      if (second % 15 == 0) {
        assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);
      }
      now = now.plusSeconds(1);
    }
  }

  @Test
  void aCopyTakesThePlaceOfAnOriginalThatIsGoneAndLeavesWhatThatShipped() throws Exception {
    Ownership original = ownership(HERE, null);
    original.check();
    Ownership copy = ownership(THERE, original.run());
    assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);
    now = now.plusSeconds(29);
    assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);

    now = now.plusSeconds(1);
    assertThat(copy.check()).as("taken from another").isTrue();

    assertThatThrownBy(original::check)
        .as("and was not gone")
        .isInstanceOf(PlaceTakenException.class);
  }

  @Test
  void twoProgramsDoNotTakeTurns() throws Exception {
    Ownership original = ownership(HERE, null);
    original.check();
    Ownership copy = ownership(THERE, original.run());
    assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);
    now = now.plusSeconds(30);
    copy.check();

    for (int minute = 0; minute < 20; minute++) {
      now = now.plus(Duration.ofMinutes(2));
      assertThatThrownBy(original::check).isInstanceOf(PlaceTakenException.class);
      copy.check();
    }

    now = now.plus(Duration.ofMinutes(11));
    assertThatThrownBy(original::check)
        .as("its clock may be wrong")
        .isInstanceOf(PlaceTakenException.class);
    now = now.plusSeconds(30);
    assertThat(original.check()).isTrue();
    assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);
  }

  @Test
  void aKilledProgramGoesOnAtOnceWithTheSameDirectory() throws Exception {
    Ownership killed = ownership(HERE, null);
    killed.check();

    assertThat(ownership(HERE, killed.run()).check()).isFalse();
  }

  @Test
  void aStoppedProgramGoesOnAtOnceOnAnotherMachine() throws Exception {
    Ownership stopped = ownership(HERE, null);
    stopped.check();
    stopped.end();

    assertThat(ownership(THERE, stopped.run()).check()).isFalse();
  }

  @Test
  void aCopyDoesNotGoOnWhereTheOriginalHasRunSinceThoughThatStopped() throws Exception {
    Ownership before = ownership(HERE, null);
    before.check();
    before.end();
    Ownership since = ownership(HERE, before.run());
    since.check();
    since.end();

    assertThatThrownBy(ownership(THERE, before.run())::check)
        .isInstanceOf(PlaceTakenException.class);
  }

  @Test
  void anotherLogWaitsTenMinutes() throws Exception {
    ownership(HERE, null).check();
    Ownership other = ownership(log("other", HERE));
    now = now.plus(Duration.ofMinutes(9));
    assertThatThrownBy(other::check).isInstanceOf(PlaceTakenException.class);

    now = now.plus(Duration.ofMinutes(1));
    assertThat(other.check()).isTrue();
  }

  @Test
  void clocksThatDifferByMinutesAreNoReasonToTakeAPlace() throws Exception {
    Ownership original = ownership(HERE, null);
    Ownership other = new Ownership(storage, log("other", THERE), EVERY, () -> now.plus(AN_HOUR));

    for (int second = 0; second < 600; second++) {
      assertThat(original.check()).isFalse();
      if (second % 15 == 0) {
        assertThatThrownBy(other::check).isInstanceOf(PlaceTakenException.class);
      }
      now = now.plusSeconds(1);
    }
  }

  @Test
  void aSegmentThatIsUnderWayForLongIsNoReasonToTakeAPlace() throws Exception {
    Ownership original = ownership(HERE, null);
    original.check();
    Ownership copy = ownership(THERE, original.run());

    for (int second = 0; second < 120; second += 3) {
      original.sign();
      assertThatThrownBy(copy::check).isInstanceOf(PlaceTakenException.class);
      now = now.plusSeconds(3);
    }
    assertThat(original.check()).isFalse();
  }

  @Test
  void aSignOfLifeNeitherTakesAPlaceBackNorFollowsTheEnd() throws Exception {
    Ownership lost = ownership(HERE, null);
    lost.check();
    storage.delete(Ownership.NAME);
    Ownership next = ownership(THERE, null);
    next.check();
    now = now.plusSeconds(10);
    lost.sign();
    assertThat(next.check()).isFalse();
    next.end();
    now = now.plusSeconds(10);
    next.sign();

    assertThat(storage.text(Ownership.NAME)).contains(next.run(), "stopped=true");
  }

  private static Ownership.Log log(String id, String directory) {
    return new Ownership.Log(id, null, where(directory));
  }

  private Ownership ownership(String directory, @Nullable String lastRun) {
    return ownership(new Ownership.Log("log", lastRun, where(directory)));
  }

  private Ownership ownership(Ownership.Log log) {
    return new Ownership(storage, log, EVERY, () -> now);
  }

  private static LogPlace where(String directory) {
    return new LogPlace("hooks", "boot", Path.of(directory));
  }
}
