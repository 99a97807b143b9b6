package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.StartFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large deliveries that end the program; its end is a copy of what lies on disk at that moment. */
class LargeAttemptsTest {
  private static final String LARGE = "{\"a\":\"" + "x".repeat(2 << 20) + "\"}";

  /** So many times it ends the program before it is given up. */
  private static final int MOST_ENDS = 3;

  @TempDir Path directory;
  private int copies;

  @Test
  void aLargeDeliveryThatEndsTheProgramEachTimeIsGivenUpAndTheOthersRunOn() throws IOException {
    Path data = directory.resolve("first");
    try (LogFixture log = new LogFixture(data)) {
      log.subscribe(log.wanted("r", "*").settings(), Attempt::cutOff).close();
    }
    for (int end = 0; end < MOST_ENDS; end++) {
      data = endWhileRunning(data, end == 0);
    }

    try (LogFixture log = new LogFixture(data)) {
      TestLog.Recorder recorder = new TestLog.Recorder();
      log.subscribe(log.wanted("r", "*").settings(), recorder);
      await().untilAsserted(() -> assertThat(deadLetters(log)).hasSize(1));
      assertThat(deadLetters(log).get(0)).contains("ended 3 times").contains("-Xmx");
      assertThat(recorder.guids).isEmpty();
      String small = log.append(LogFixture.push("acme/rocket"));
      await().until(() -> log.history().attemptsAt(small).size() == 1);
    }
  }

  @Test
  void aNormalStopLeavesNoMark() throws IOException {
    Path data = directory.resolve("data");
    try (LogFixture log = new LogFixture(data)) {
      List<Attempt> running = hang(log);
      log.append(LogFixture.delivery("large", "push", null, "acme/rocket", LARGE));
      await().until(() -> running.size() == 1);
      assertThat(marks(data)).hasSize(1);
    }

    assertThat(marks(data)).isEmpty();
  }

  @Test
  void anAttemptThatEndsLeavesNoMarkAndASmallOneMakesNone() throws IOException {
    Path data = directory.resolve("data");
    try (LogFixture log = new LogFixture(data)) {
      List<Attempt> running = hang(log);
      log.append(LogFixture.push("acme/small"));
      await().until(() -> running.size() == 1);
      assertThat(marks(data)).isEmpty();
      log.append(LogFixture.delivery("large", "push", null, "acme/rocket", LARGE));
      await().until(() -> running.size() == 2);
      assertThat(marks(data)).hasSize(1);

      running.get(1).failed(new IllegalStateException("for a reason of its own"));

      assertThat(marks(data)).isEmpty();
    }
  }

  /** Runs it until its attempt is under way; returns what is on disk then. */
  private Path endWhileRunning(Path data, boolean appended) throws IOException {
    try (LogFixture log = new LogFixture(data)) {
      List<Attempt> running = hang(log);
      if (appended) {
        log.append(LogFixture.delivery("large", "push", null, "acme/rocket", LARGE));
      }
      await().until(() -> running.size() == 1);
      return copy(data);
    }
  }

  private static List<Attempt> hang(LogFixture log) {
    List<Attempt> running = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("r", "*").startFrom(StartFrom.BEGINNING).settings(), running::add);
    return running;
  }

  private static List<String> deadLetters(LogFixture log) {
    return Kept.deadLetters(log.history(), "r").stream().map(dead -> dead.error()).toList();
  }

  private static List<Path> marks(Path data) throws IOException {
    Path folder = data.resolve("large-attempts");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> marks = Files.list(folder)) {
      return marks.toList();
    }
  }

  private Path copy(Path data) throws IOException {
    Path copy = directory.resolve("copy-" + ++copies);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        if (!file.startsWith(data.resolve("native"))) {
          Files.copy(file, copy.resolve(data.relativize(file).toString()));
        }
      }
    }
    return copy;
  }
}
