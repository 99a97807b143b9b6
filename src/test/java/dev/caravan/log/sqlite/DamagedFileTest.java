package dev.caravan.log.sqlite;

import static dev.caravan.log.sqlite.LogFixture.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage that is met with while the log is open, as in one too large to be checked at a start. */
class DamagedFileTest {
  private static final int DELIVERIES = 200;

  @TempDir Path data;
  private final List<String> guids = new ArrayList<>();
  private final Random random = new Random(1);
  private LogFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new LogFixture(data);
    for (int number = 0; number < DELIVERIES; number++) {
      guids.add(append());
    }
    fixture.restart();
    overwritePages();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void onceDamageIsSeenTheLogStaysDownAndSaysWhatToDo() {
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      readAll();

      await().until(() -> fixture.log().trouble().contains("SQLITE_CORRUPT"));
      for (int attempt = 0; attempt < 3; attempt++) { // though these would meet no damaged page
        assertThat(fixture.log().append(LogFixture.push("acme/rocket")))
            .failsWithin(Duration.ofSeconds(20));
        assertThat(fixture.log().figures().isWritable()).isFalse();
      }
      assertThat(fixture.log().figures().isDamaged()).isTrue();
      assertThat(lines.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .singleElement()
          .asString()
          .contains("is damaged")
          .contains("503")
          .contains("caravan log salvage");
    }
  }

  /** What cannot be read is said in one way, whether SQLite finds it or the payload's checksum. */
  private void readAll() {
    int unreadable = 0;
    for (String guid : guids) {
      try {
        fixture.history().find(guid);
      } catch (LogUnavailableException e) {
        unreadable++;
      }
    }
    assertThat(unreadable).isPositive();
  }

  private String append() {
    byte[] noise = new byte[4000];
    random.nextBytes(noise);
    String guid = new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    fixture.append(
        delivery(
            guid,
            "push",
            null,
            "acme/rocket",
            "{\"noise\":\"" + HexFormat.of().formatHex(noise) + "\"}"));
    return guid;
  }

  private void overwritePages() throws IOException {
    Path file = data.resolve("log.db");
    long pages = Files.size(file) / Database.PAGE_BYTES;
    byte[] rubbish = new byte[Database.PAGE_BYTES];
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = pages / 3; page < pages / 2; page++) {
        random.nextBytes(rubbish);
        access.seek(page * Database.PAGE_BYTES);
        access.write(rubbish);
      }
    }
  }
}
