package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.sqlite.directory.LogInUseException;
import dev.caravan.testing.ProgramClasses;
import dev.caravan.webhook.CapturedLog;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path data;

  @Test
  void aServerThatStartsWhileACommandReadsTheLogWaitsForItsEnd() {
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      SqliteDeliveryLog command = SqliteDeliveryLog.openBriefly(data, OPTIONS);
      CompletableFuture<SqliteDeliveryLog> server =
          CompletableFuture.supplyAsync(() -> SqliteDeliveryLog.open(data, OPTIONS));
      await().until(() -> !lines.lines().isEmpty());
      assertThat(server).isNotDone();
      assertThat(lines.lines())
          .singleElement()
          .asString()
          .contains(
              "Waiting for a caravan command (process " + ProcessHandle.current().pid() + ")");
      command.close();

      server.orTimeout(10, TimeUnit.SECONDS).join().close();
    }
  }

  @Test
  @Timeout(10) // less than it waits for a command
  void aServerThatHasTheLogIsNotWaitedFor() {
    SqliteDeliveryLog server = SqliteDeliveryLog.open(data, OPTIONS);

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(LogInUseException.class)
        .hasMessageContaining("in use by another Caravan (process ");
    assertThatThrownBy(() -> SqliteDeliveryLog.openBriefly(data, OPTIONS))
        .isInstanceOf(LogInUseException.class);
    server.close();
  }

  /** The system gives a process's locks on a file back as soon as it closes that file anywhere. */
  @Test
  void aSecondTryOfTheSameProgramDoesNotOpenTheDirectoryToOthers() throws Exception {
    SqliteDeliveryLog server = SqliteDeliveryLog.open(data, OPTIONS);
    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(LogInUseException.class);
    assertThatThrownBy(
            () -> SqliteDeliveryLog.open(data.resolve("../" + data.getFileName()), OPTIONS))
        .isInstanceOf(LogInUseException.class);

    assertThat(isRefusedInAnotherProcess()).isTrue();
    server.close();
    assertThat(isRefusedInAnotherProcess()).isFalse();
  }

  /** Two applications in one process, each with classes of its own, as in a servlet container. */
  @Test
  void aDirectoryThatOtherClassesOfThisProcessHaveIsInUse() throws Exception {
    Path lock = Files.writeString(data.resolve("caravan.lock"), "4711");
    try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      other.lock();

      assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
          .isInstanceOf(LogInUseException.class)
          .hasMessageContaining("in use by another Caravan (process 4711)");
    }
  }

  @Test
  void aDirectoryThatCouldNotBeUsedIsNotInUseAfterwards() throws Exception {
    Path library = Files.writeString(data.resolve("native"), "in the way");
    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be written");
    Files.delete(library);

    SqliteDeliveryLog.open(data, OPTIONS).close();
  }

  /** An interrupt closes the lock file. */
  @Test
  void aDirectoryWhoseOpeningWasInterruptedIsNotInUseAfterwards() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Thread.interrupted()).isTrue();

    SqliteDeliveryLog.open(data, OPTIONS).close();
  }

  private boolean isRefusedInAnotherProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                ProgramClasses.commandOf(OtherProcess.class, List.of("-Xmx128m"), data.toString()))
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isIn(OtherProcess.REFUSED, OtherProcess.TAKEN);
    return process.exitValue() == OtherProcess.REFUSED;
  }

  /** Tries to open the log of a directory. */
  static final class OtherProcess {
    static final int REFUSED = 7;
    static final int TAKEN = 8;

    private OtherProcess() {}

    public static void main(String[] arguments) {
      try {
        SqliteDeliveryLog.open(Path.of(arguments[0]), OPTIONS).close();
      } catch (LogInUseException e) {
        System.exit(REFUSED);
      }
      System.exit(TAKEN);
    }
  }
}
