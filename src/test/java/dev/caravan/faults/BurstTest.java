package dev.caravan.faults;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten times the deliveries, for a while, that the disk can keep up with. */
class BurstTest {
  /**
   * A flush takes five seconds here, and takes 512 deliveries with it: about a hundred a second.
   */
  private static final String SLOW_DISK = "inject=fsync,fdatasync:delay_exit=5000000:when=20+";

  private static final int TEN_TIMES_THAT = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration GITHUBS_PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  @Tag("long")
  void aBurstLosesNothingThatCouldHaveWaited() throws IOException {
    Site site =
        new Site(directory)
            .set("caravan.connections", "5000") // all come from one address, each by its own
            .set("caravan.connections-per-address", "5000")
            .under(
                SystemCalls.record(
                    directory.resolve("trace.txt"), "fsync,fdatasync", "-e", SLOW_DISK));
    List<Burst.Answer> answers;
    try (CaravanProcess caravan = site.startReady();
        Burst burst = new Burst(caravan.hook())) {
      answers = burst.send(TEN_TIMES_THAT, Duration.ofSeconds(5));
      caravan.kill();
    }

    report(answers);
    assertThat(answers).hasSize(TEN_TIMES_THAT * 5);
    assertThat(answers).allMatch(answer -> answer.status() == 202 || answer.status() == 503);
    assertThat(answers)
        .filteredOn(answer -> answer.status() == 503)
        .allSatisfy(answer -> assertThat(answer.after()).isBetween(PATIENCE, GITHUBS_PATIENCE));
    try (SqliteDeliveryLog log = SqliteDeliveryLog.open(site.data(), TestLog.OPTIONS)) {
      DeliveryHistory history = log.history();
      assertThat(answers)
          .filteredOn(answer -> answer.status() == 202)
          .allMatch(answer -> Kept.delivery(history, answer.push().guid().toString()).isPresent());
    }
  }

  private static void report(List<Burst.Answer> answers) {
    Map<Integer, Long> statuses =
        new TreeMap<>(answers.stream().collect(groupingBy(Burst.Answer::status, counting())));
    Report report = new Report("burst");
    report.line("%d a second for 5 s onto a disk that takes a tenth: %s", TEN_TIMES_THAT, statuses);
    statuses.forEach(
        (status, count) -> {
          List<Long> millis =
              answers.stream()
                  .filter(answer -> answer.status() == status)
                  .map(answer -> answer.after().toMillis())
                  .sorted()
                  .toList();
          report.line(
              "%d: after %d ms at the earliest, %d ms at the latest",
              status, millis.get(0), millis.get(millis.size() - 1));
        });
  }
}
