package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.reading.DictionaryTraining;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DictionaryTest {
  @TempDir Path folder;
  private final PushEvents events = new PushEvents(7);

  @Test
  void whatWasWrittenBeforeAndAfterLearningIsReadBackByteForByteAlsoFromACopy() throws Exception {
    Path data = folder.resolve("data");
    List<Delivery> sent = new ArrayList<>();
    try (LogFixture log = new LogFixture(data);
        CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      sent.addAll(append(log, DictionaryTraining.FIRST_AFTER + 100));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  lines.lines().stream()
                      .anyMatch(
                          line ->
                              line.contains("a dictionary of what they have in common was made")));
      sent.addAll(append(log, 100));
      assertReadBack(log, sent);

      log.restart();
      sent.addAll(append(log, 100));
      assertReadBack(log, sent);
    }
    assertThat(bytesEachWith(data, "IS NOT NULL")).isLessThan(bytesEachWith(data, "IS NULL") * 0.7);

    Path copy = Files.createDirectories(folder.resolve("copy"));
    Files.copy(data.resolve("log.db"), copy.resolve("log.db"));
    try (LogFixture log = new LogFixture(copy)) {
      assertReadBack(log, sent);
    }
  }

  @Test
  void aLogThatIsClosedWhileItLearnsDoesNotSayThatItFailed() {
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      try (LogFixture log = new LogFixture(folder.resolve("data"))) {
        append(log, DictionaryTraining.FIRST_AFTER + 100);
      }
      await().until(() -> !isLearning());
      assertThat(lines.lines()).noneMatch(line -> line.contains("No dictionary could be made"));
    }
  }

  private static boolean isLearning() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("delivery-log-dictionary"));
  }

  private List<Delivery> append(LogFixture log, int count) {
    List<Delivery> sent = new ArrayList<>();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = events.next(Instant.now());
      sent.add(delivery);
      receipts.add(log.log().append(delivery));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
    return sent;
  }

  private static void assertReadBack(LogFixture log, List<Delivery> sent) {
    for (Delivery delivery : sent) {
      Delivery found = Kept.delivery(log.history(), delivery.guid()).orElseThrow();
      assertThat(found.body()).isEqualTo(delivery.body());
      assertThat(found.headers()).isEqualTo(delivery.headers());
    }
  }

  private static double bytesEachWith(Path data, String dictionary) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT avg(length(bytes)) FROM content WHERE dictionary " + dictionary)) {
      return row.getDouble(1);
    }
  }
}
