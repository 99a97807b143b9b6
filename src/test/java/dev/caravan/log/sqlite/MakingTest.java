package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.OPTIONS;
import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start finds where the log should be, and was not made to the end. */
class MakingTest {
  @TempDir Path data;
  private Path file;
  private Path journal;

  /** Else a start that is refused leaves the driver with the directory of a test that is over. */
  @BeforeAll
  static void loadDriver(@TempDir Path another) {
    SqliteDeliveryLog.open(another, OPTIONS).close();
  }

  @BeforeEach
  void names() {
    file = data.resolve("log.db");
    journal = data.resolve("log.db-journal");
  }

  @Test
  void aLogWhoseMakingWasKilledIsMadeByTheNextStart() throws Exception {
    leaveHotJournal();

    assertOpensEmpty();
    assertThat(journal).doesNotExist();
  }

  @Test
  void anEmptyFileWithAJournalIsNoLogYet() throws IOException {
    Files.createFile(file);
    Files.createFile(journal);

    assertOpensEmpty();
  }

  @Test
  void anUnfinishedLogOfAKilledRunIsNotUsed() throws IOException {
    Files.writeString(data.resolve("log.db.new"), "half a lo");
    Files.writeString(data.resolve("log.db.new-wal"), "half a write-ahead file");

    assertOpensEmpty();
  }

  @Test
  void anEmptyFileIsRefusedRatherThanTakenForANewLog() throws IOException {
    Files.createFile(file);

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The delivery log " + file + " is empty (0 bytes)")
        .hasMessageContaining("delete it");
    assertThat(file).isEmptyFile();
  }

  @Test
  void aWriteAheadFileWithoutItsLogIsRefusedRatherThanDropped() throws IOException {
    Path writeAhead = Files.writeString(data.resolve("log.db-wal"), "yesterday's deliveries");

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is missing, but there is its log.db-wal");
    assertThat(writeAhead).hasContent("yesterday's deliveries");
  }

  @ParameterizedTest
  @CsvSource({"restored, Run it again", "salvaged, Move log.db.damaged-… back to log.db"})
  void noLogIsMadeBesideAnUnfinishedRestoreOrSalvage(String left, String advice)
      throws IOException {
    Path unfinished = Files.writeString(data.resolve("log.db." + left), "all but the end");

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is missing, but there is log.db." + left)
        .hasMessageContaining("was interrupted. " + advice);
    assertThat(unfinished).hasContent("all but the end");
    assertThat(file).doesNotExist();
  }

  private void assertOpensEmpty() {
    try (LogFixture fixture = new LogFixture(data)) {
      assertThat(Kept.newest(fixture.history(), 10)).isEmpty();
      fixture.append(push("acme/rocket"));
      assertThat(Kept.newest(fixture.history(), 10)).hasSize(1);
    }
  }

  /** As a SIGKILL does when SQLite is about to delete the journal of the first transaction. */
  private void leaveHotJournal() throws SQLException, IOException {
    Path kept = data.resolve("kept");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF"); // else the journal counts as empty until then
      statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
      statement.execute("PRAGMA user_version = 0"); // the first page
      statement.execute("BEGIN");
      statement.execute("CREATE TABLE kind (id INTEGER PRIMARY KEY)");
      Files.copy(journal, kept);
      statement.execute("COMMIT");
    }
    Files.move(kept, journal, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The salvaged log is beside the log itself, not beside the link. */
  @Test
  void aLinkedLogWhoseSalvageWasInterruptedIsToldAsThat() throws IOException {
    Path disk = Files.createDirectory(data.resolve("disk"));
    Files.writeString(disk.resolve("log.db.salvaged"), "all but the end");
    Files.createSymbolicLink(file, disk.resolve("log.db"));

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is missing, but there is log.db.salvaged");
    assertThat(file).isSymbolicLink();
  }

  /** The disk with the log is not mounted. */
  @Test
  void aLinkToALogThatIsNotThereIsNotReplacedByAnEmptyLog() throws IOException {
    SqliteDeliveryLog.open(data, OPTIONS).close();
    Files.delete(file);
    Path link = Files.createSymbolicLink(data.resolve("log.db"), Path.of("elsewhere", "log.db"));

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is a link to a file that is not there");
    assertThat(link).isSymbolicLink();
  }
}
