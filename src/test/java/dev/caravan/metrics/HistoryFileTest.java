package dev.caravan.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

  @TempDir Path directory;

  @Test
  void whatWasAddedIsThereAfterARestartToTheHourAndToTheWeek() throws IOException {
    try (HistoryFile file = open()) {
      file.add(NOW, accepted(7));
      file.add(NOW.plusSeconds(15), accepted(8));
    }

    try (HistoryFile file = open()) {
      Instant later = NOW.plus(HistoryFile.COARSE);
      assertThat(accepted(file.read(later, Duration.ofMinutes(15)))).containsExactly(7L, 8L);
      assertThat(accepted(file.read(later, Duration.ofDays(7)))).containsExactly(15L);
    }
  }

  /** As a rate, what is counted so far would look like a fall. */
  @Test
  void fiveMinutesThatAreNotOverAreNoPointYet() throws IOException {
    try (HistoryFile file = open()) {
      file.add(NOW, accepted(7));
      file.add(NOW.plus(HistoryFile.COARSE), accepted(1));

      Instant now = NOW.plus(HistoryFile.COARSE).plusSeconds(20);
      assertThat(accepted(file.read(now, Duration.ofHours(6)))).containsExactly(7L);
      assertThat(accepted(file.read(now, Duration.ofHours(1)))).containsExactly(7L, 1L);
    }
  }

  @Test
  void countsOfOneStretchAddUpAndAStateIsTheLastOne() throws IOException {
    long[] first = accepted(3);
    first[Series.LAG.column()] = 50;
    first[Series.APPEND_TIME.column()] = 900;
    long[] second = accepted(4);
    second[Series.LAG.column()] = 20;
    second[Series.APPEND_TIME.column()] = 100;
    try (HistoryFile file = open()) {
      file.add(NOW, first);
      file.add(NOW.plusSeconds(1), second);

      long[] values = file.read(NOW.plusSeconds(2), Duration.ofHours(1)).get(0).values();
      assertThat(values[Series.ACCEPTED.column()]).isEqualTo(7);
      assertThat(values[Series.LAG.column()]).isEqualTo(20);
      assertThat(values[Series.APPEND_TIME.column()]).isEqualTo(900);
    }
  }

  @Test
  void itForgetsWhatIsOlderAndDoesNotGrow() throws IOException {
    try (HistoryFile file = open()) {
      for (int hour = 0; hour < 24 * 20; hour++) {
        file.add(NOW.plus(Duration.ofHours(hour)), accepted(hour));
      }
      long size = Files.size(directory.resolve("history"));
      Instant end = NOW.plus(Duration.ofHours(24 * 20 - 1));

      assertThat(file.read(end.plus(HistoryFile.COARSE), Duration.ofDays(7))).hasSize(7 * 24);
      file.add(end.plus(Duration.ofHours(1)), accepted(1));
      assertThat(Files.size(directory.resolve("history"))).isEqualTo(size).isLessThan(1 << 20);
    }
  }

  @Test
  void aClockSetBackShowsNothingFromTheFuture() throws IOException {
    try (HistoryFile file = open()) {
      file.add(NOW.plus(Duration.ofHours(2)), accepted(9));

      assertThat(file.read(NOW, Duration.ofDays(7))).isEmpty();
    }
  }

  @Test
  void aClockSetBackAddsNothingToWhatWasCountedAtThatTimeBefore() throws IOException {
    try (HistoryFile file = open()) {
      file.add(NOW, accepted(9));
      file.add(NOW.plus(Duration.ofMinutes(30)), accepted(8));
      file.add(NOW, accepted(2));
      file.add(NOW.plusSeconds(1), accepted(3));

      assertThat(accepted(file.read(NOW.plusSeconds(2), Duration.ofHours(1)))).containsExactly(5L);
      assertThat(accepted(file.read(NOW.plus(Duration.ofMinutes(20)), Duration.ofDays(7))))
          .containsExactly(5L);
    }
  }

  @Test
  void onlyItsOwnerCanReadIt() throws IOException {
    open().close();

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("history"))))
        .isEqualTo("rw-------");
  }

  private HistoryFile open() throws IOException {
    return new HistoryFile(directory.resolve("history"));
  }

  private static long[] accepted(long count) {
    long[] values = new long[Series.values().length];
    values[Series.ACCEPTED.column()] = count;
    return values;
  }

  private static List<Long> accepted(List<HistoryFile.Slot> slots) {
    return slots.stream().map(slot -> slot.values()[Series.ACCEPTED.column()]).toList();
  }
}
