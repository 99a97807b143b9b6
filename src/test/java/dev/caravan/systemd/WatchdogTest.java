package dev.caravan.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What systemd hears; a script that writes down what it is given stands for systemd-notify. */
@DisabledOnOs(OS.WINDOWS)
class WatchdogTest {
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  @TempDir private Path directory;
  private Path heard;
  private Path notify;

  @BeforeEach
  void makeTheScript() throws IOException {
    heard = Files.createFile(directory.resolve("heard"));
    notify = directory.resolve("systemd-notify");
    Files.writeString(notify, "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'" + heard + "'\n");
    Files.setPosixFilePermissions(notify, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aProgramThatAnswersIsSaidToBeAliveAgainAndAgain() {
    try (Watchdog watchdog = watchdog("300000", () -> DONE, "")) {
      watchdog.start();

      await().until(() -> count("WATCHDOG=1") >= 3);
      assertThat(heard()).contains("STATUS=Accepting deliveries");
    }
  }

  @Test
  void aProgramThatDoesNotAnswerIsNotSaidToBeAliveUntilItAnswers() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    try (Watchdog watchdog =
        watchdog("150000", () -> asked.incrementAndGet() > 3 ? DONE : never, "")) {
      watchdog.start();

      await().until(() -> asked.get() > 3);
      await().until(() -> count("WATCHDOG=1") > 0);
      assertThat(count("WATCHDOG=1")).isLessThanOrEqualTo(asked.get() - 3);
    }
  }

  @Test
  void aLogThatCannotBeWrittenIsAnAnswerAndTheReasonIsInTheStatus() {
    CompletableFuture<Void> failed =
        CompletableFuture.failedFuture(new IllegalStateException("disk full"));
    try (Watchdog watchdog = watchdog("300000", () -> failed, "the disk\nREADY=1 is full")) {
      watchdog.start();

      await().until(() -> count("WATCHDOG=1") > 0);
      assertThat(heard())
          .contains("STATUS=Not accepting deliveries: the disk\\nREADY=1 is full")
          .doesNotContain("READY=1");
    }
  }

  @Test
  void aProgramThatCannotSayWhatTroublesItIsStillAlive() {
    AtomicInteger asked = new AtomicInteger();
    try (Watchdog watchdog =
        new Watchdog(
            manager(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "150000")),
            () -> DONE,
            () -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("closed");
              }
              throw new NoClassDefFoundError("gone");
            })) {
      watchdog.start();

      await().until(() -> count("WATCHDOG=1") >= 3);
    }
  }

  @Test
  void systemdIsToldOfTheStartAndTheStopAndHowLongThatMayTake() {
    ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", "/run/systemd/notify"));

    manager.ready();
    manager.stopping(Duration.ofSeconds(40));

    assertThat(heard()).contains("READY=1", "STOPPING=1", "EXTEND_TIMEOUT_USEC=40000000");
  }

  @Test
  void withoutSystemdNothingIsSent() {
    ServiceManager manager = manager(Map.of("WATCHDOG_USEC", "1000000"));

    manager.ready();

    assertThat(heard()).isEmpty();
    assertThat(manager.watchdog()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aWatchdogThatIsMeantForAnotherProcessIsNotOurs() {
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "1000000", "WATCHDOG_PID", "1");

    assertThat(manager(environment).watchdog()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aProgramThatTakesOverIsToldOfTheWatchdogByTheOneBeforeRatherThanBySystemd() {
    ServiceManager manager =
        new ServiceManager(Map.of("NOTIFY_SOCKET", "@x"), notify.toString(), Duration.ofSeconds(1));

    manager.ready();

    assertThat(heard()).contains("MAINPID=" + ProcessHandle.current().pid());
    assertThat(manager.watchdog()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aServiceThatBeginsByTakingOverHasItsOwnWatchdogRatherThanThatOfTheOneBefore() {
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "1000000");

    for (Duration before : List.of(Duration.ZERO, Duration.ofMinutes(1))) {
      assertThat(new ServiceManager(environment, notify.toString(), before).watchdog())
          .isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void whereThereIsNoSystemdNotifyTheProgramRunsAllTheSame() throws IOException {
    Files.delete(notify);

    manager(Map.of("NOTIFY_SOCKET", "@x")).ready();

    assertThat(heard()).isEmpty();
  }

  private Watchdog watchdog(
      String micros, Supplier<CompletableFuture<Void>> heartbeat, String trouble) {
    return new Watchdog(
        manager(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", micros)), heartbeat, () -> trouble);
  }

  private ServiceManager manager(Map<String, String> environment) {
    return new ServiceManager(environment, notify.toString(), null);
  }

  private long count(String message) {
    return heard().stream().filter(message::equals).count();
  }

  private List<String> heard() {
    try {
      return Files.readAllLines(heard);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
