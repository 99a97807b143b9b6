package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.sqlite.file.LogInUseException;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
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
}
