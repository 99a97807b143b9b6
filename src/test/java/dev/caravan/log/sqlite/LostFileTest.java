package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.sqlite.file.LogFileException;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written into a file that has no name any more is lost with the process. */
class LostFileTest {
  @TempDir Path directory;
  private Path data;
  private LogFixture fixture;

  @BeforeEach
  void open() {
    data = directory.resolve("data");
    fixture = new LogFixture(data);
    fixture.append(push("acme/rocket"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aDirectoryThatIsGoneTakesTheLogDownThoughNothingIsWritten() throws IOException {
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      Files.move(data, directory.resolve("elsewhere"));

      await().until(() -> fixture.log().trouble().contains("log.db is gone"));
      assertThat(fixture.log().figures().isWritable()).isFalse();
      assertRefused();
      assertThat(data).doesNotExist();
      assertThat(lines.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .singleElement()
          .asString()
          .contains("log.db is gone")
          .contains("restart Caravan");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"log.db", "log.db-wal", "caravan.lock"})
  void aFileThatWasReplacedTakesTheLogDownUntilTheRightOneIsBack(String name) throws IOException {
    Path file = data.resolve(name);
    Path kept = Files.move(file, data.resolve("kept"));
    Files.copy(kept, file);

    await().until(() -> fixture.log().trouble().contains(name + " is not the file that is open"));
    assertRefused();
    Files.delete(file);
    Files.move(kept, file);
    await().until(() -> fixture.log().trouble().isEmpty());
    Delivery delivery = push("acme/rocket");
    fixture.append(delivery);
    fixture.restart();

    assertThat(Kept.delivery(fixture.history(), delivery.guid())).isPresent();
    assertThat(Kept.newest(fixture.history(), 10)).hasSize(2);
  }

  @Test
  void aSearchWhileTheFileIsGoneMakesNoOther() throws IOException {
    Path kept = Files.move(data.resolve("log.db"), data.resolve("kept"));

    assertThatThrownBy(() -> Kept.newest(fixture.history(), 1))
        .isInstanceOf(LogUnavailableException.class);
    assertThat(data.resolve("log.db")).doesNotExist();
    Files.move(kept, data.resolve("log.db"));
    await().until(() -> fixture.log().trouble().isEmpty());
    assertThat(Kept.newest(fixture.history(), 1)).hasSize(1);
  }

  private void assertRefused() {
    assertThatThrownBy(() -> fixture.append(push("acme/rocket")))
        .hasRootCauseInstanceOf(LogFileException.class);
  }
}
