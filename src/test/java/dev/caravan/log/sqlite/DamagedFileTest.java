package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Kept;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.offline.Salvage;
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
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage that is met with while the log is open, as in one too large to be checked at a start. */
class DamagedFileTest {
  private static final int DELIVERIES = 200;

  @TempDir Path data;
  private final List<String> positions = new ArrayList<>();
  private final Random random = new Random(1);
  private LogFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new LogFixture(data);
    for (int number = 0; number < DELIVERIES; number++) {
      positions.add(append());
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
        assertThat(fixture.log().append(TestLog.push("acme/rocket")))
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

  @Test
  void aSalvageKeepsEverythingThatCouldBeReadAndSaysWhatIsLost() {
    List<String> readable = positions.stream().filter(this::isReadable).toList();
    assertThat(readable).isNotEmpty().hasSizeLessThan(DELIVERIES);
    fixture.close();

    List<String> report = Salvage.of(data);
    fixture = new LogFixture(data);

    assertThat(Kept.newest(fixture.history(), DELIVERIES))
        .extracting(DeliverySummary::position)
        .containsAll(readable);
    assertThat(positions.stream().filter(this::isReadable).toList()).containsAll(readable);
    assertThat(report)
        .anyMatch(line -> line.startsWith("delivery: "))
        .anyMatch(line -> line.startsWith("content: ") && line.contains("some that are lost"))
        .anyMatch(line -> line.contains("Lost: "))
        .last(InstanceOfAssertFactories.STRING)
        .contains("log.db.damaged-");
    positions.add(append());
    assertThat(fixture.log().trouble()).isEmpty();
    assertThat(isReadable(positions.get(DELIVERIES))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whereverTheDamageIsASalvageEndsWithALogThatTakesDeliveries(int seed) throws IOException {
    fixture.close();
    random.setSeed(seed);
    overwritePages(1 + random.nextInt(100), 1 + random.nextInt(60));

    Salvage.of(data);
    fixture = new LogFixture(data);
    String position = append();

    assertThat(isReadable(position)).isTrue();
  }

  @Test
  void aFileThatIsNoLogAtAllIsLeftAsItIs() throws IOException {
    fixture.close();
    overwritePages(0, 1);

    assertThatThrownBy(() -> Salvage.of(data))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Nothing can be saved of " + data.resolve("log.db"));
    assertThat(data.resolve("log.db")).exists();
    assertThat(data.resolve("log.db.salvaged")).doesNotExist();
  }

  private boolean isReadable(String position) {
    try {
      return fixture.history().at(position).isPresent();
    } catch (LogUnavailableException e) {
      return false;
    }
  }

  /** What cannot be read is said in one way, whether SQLite finds it or the payload's checksum. */
  private void readAll() {
    assertThat(positions.stream().filter(this::isReadable).count()).isLessThan(DELIVERIES);
  }

  private String append() {
    byte[] noise = new byte[4000];
    random.nextBytes(noise);
    String guid = new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    return fixture.append(
        delivery(
            guid,
            "push",
            null,
            "acme/rocket",
            "{\"noise\":\"" + HexFormat.of().formatHex(noise) + "\"}"));
  }

  private void overwritePages() throws IOException {
    int pages = (int) (Files.size(data.resolve("log.db")) / Database.PAGE_BYTES);
    overwritePages(pages / 3, pages / 6);
  }

  private void overwritePages(int first, int count) throws IOException {
    byte[] rubbish = new byte[Database.PAGE_BYTES];
    try (RandomAccessFile access = new RandomAccessFile(data.resolve("log.db").toFile(), "rw")) {
      for (int page = first; page < first + count; page++) {
        random.nextBytes(rubbish);
        access.seek((long) page * Database.PAGE_BYTES);
        access.write(rubbish);
      }
    }
  }
}
