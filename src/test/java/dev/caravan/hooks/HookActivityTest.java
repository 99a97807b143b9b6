package dev.caravan.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.hooks.HookActivity.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookActivityTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-01-05T08:00:00Z");
  private HookActivity hooks = new HookActivity(null, () -> now);

  @Test
  void aHookIsSilentOnceItSendsNothingForThreeTimesItsLongestPause() {
    for (int day = 0; day < 10; day++) {
      sends("1");
      now = now.plus(DAY);
    }
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 0));

    now = now.plus(DAY);
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 0));
    now = now.plus(DAY).plusSeconds(1);
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 1));

    sends("1");
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 0));
  }

  @Test
  void aHookThatSendsEachMinuteIsNotSilentWithinADay() {
    for (int minute = 0; minute < 8 * 24 * 60; minute++) {
      now = now.plusSeconds(60);
      sends("1");
    }

    now = now.plus(DAY.minusSeconds(1));
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 0));
    now = now.plusSeconds(2);
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 1));
  }

  @Test
  void aHookThatIsKnownForLessThanAWeekIsNeverSilent() {
    sends("1");
    now = now.plus(Duration.ofDays(6));
    sends("1");

    now = now.plus(Duration.ofDays(29));
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 0));
  }

  @Test
  void aLongPauseCountsForHalfAfterTwoWeeks() {
    sends("1");
    now = now.plus(Duration.ofDays(16));
    sends("1");
    for (int day = 0; day < 56; day++) { // four times two weeks: a sixteenth of it is left
      now = now.plus(DAY);
      sends("1");
    }

    now = now.plus(DAY.multipliedBy(3)).plusSeconds(1);
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 1));
  }

  @Test
  void silentHooksAreCountedForTheOwnerOfTheirRepository() {
    for (int day = 0; day < 9; day++) {
      hooks.accepted("1", "Acme/rocket", now);
      hooks.accepted("2", "acme/sled", now);
      hooks.accepted("3", null, now);
      now = now.plus(DAY);
    }
    now = now.plus(DAY.multipliedBy(2));
    hooks.accepted("2", "acme/sled", now);
    now = now.plusSeconds(1);

    assertThat(hooks.owners()).containsExactly(new Owner("acme", 2, 1), new Owner("others", 1, 1));
  }

  @Test
  void theRecordOfHooksSurvivesARestart() {
    Path file = directory.resolve("hooks");
    hooks = new HookActivity(file, () -> now);
    for (int day = 0; day < 9; day++) {
      sends("1");
      now = now.plus(DAY);
    }
    hooks.write();

    now = now.plus(DAY.multipliedBy(2)).plusSeconds(1);
    hooks = new HookActivity(file, () -> now);
    assertThat(hooks.owners()).containsExactly(new Owner("acme", 1, 1));
  }

  @Test
  void aHookThatIsGoneForAMonthIsForgotten() {
    Path file = directory.resolve("hooks");
    hooks = new HookActivity(file, () -> now);
    sends("1");
    now = now.plus(Duration.ofDays(30)).plusSeconds(1);
    sends("2");
    hooks.write();

    assertThat(new HookActivity(file, () -> now).last()).containsOnlyKeys("2");
  }

  @Test
  void aBrokenFileCountsAsEmptyAndALineThatIsBrokenIsLeftOut() throws IOException {
    Path file = directory.resolve("hooks");
    Files.writeString(file, "1 = acme 1 2\n2 = acme 1767600000000 1767600000000 0\n3 = acme x 1 1");
    assertThat(new HookActivity(file, () -> now).last()).containsOnlyKeys("2");

    Files.writeString(file, "\\uXYZ");
    assertThat(new HookActivity(file, () -> now).last()).isEmpty();
  }

  @Test
  void noMoreHooksAreToldApartThanThereIsRoomFor() {
    for (int hook = 0; hook < 2 * HookActivity.MOST; hook++) {
      sends(String.valueOf(hook));
    }

    assertThat(hooks.last()).hasSize(HookActivity.MOST + 1).containsKey(HookActivity.OTHERS);
  }

  @Test
  void aClockThatIsSetBackTakesNothingFromWhatIsKnown() {
    sends("1");
    Instant before = now;
    now = now.minus(DAY);
    sends("1");

    assertThat(hooks.last()).containsEntry("1", before);
  }

  private void sends(String hook) {
    hooks.accepted(hook, "acme/rocket", now);
  }
}
