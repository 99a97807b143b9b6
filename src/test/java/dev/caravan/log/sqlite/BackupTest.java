package dev.caravan.log.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.caravan.files.Directory;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.sqlite.directory.LogInUseException;
import dev.caravan.log.sqlite.offline.Backup;
import dev.caravan.log.sqlite.offline.Compaction;
import dev.caravan.log.sqlite.offline.CopiedLog;
import dev.caravan.log.sqlite.offline.Restore;
import dev.caravan.log.sqlite.offline.Verification;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  private static final long FAST = 1L << 40;

  @TempDir Path directory;

  @Test
  void aBackupOfABusyLogIsWholeAndItsWriteAheadFileStaysBounded() throws Exception {
    Path file = directory.resolve("backup.db");
    Path data = directory.resolve("data");
    try (BusyLog busy = new BusyLog(data).start(1500)) {
      int before = busy.accepted.size();
      long began = System.nanoTime();

      CopiedLog copied = backUp(busy.log(), file, 3 << 20);

      assertThat(busy.accepted.size()).as("accepted meanwhile").isGreaterThan(before);
      assertThat(Files.size(data.resolve("log.db-wal"))).isLessThan(30 << 20);
      busy.stopAppending();
      assertThat(Verification.ofFile(file, (what, done, all) -> {}).problems()).isEmpty();
      assertThat(LogFixture.guids(file))
          .doesNotHaveDuplicates()
          .containsAll(busy.before(began))
          .hasSize((int) copied.deliveries());
      assertThat(copied.newest()).isNotNull();
    }
  }

  @Test
  void aBackupIsForItsOwnerOnlyAndLeavesNothingBesideIt() throws Exception {
    Path file = directory.resolve("backups").resolve("backup.db");
    Files.createDirectory(file.getParent());
    try (LogFixture fixture = new LogFixture(directory.resolve("data"))) {
      fixture.append(TestLog.push("acme/rocket"));

      backUp(fixture.log(), file, FAST);

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      try (var left = Files.list(file.getParent())) {
        assertThat(left).containsExactly(file);
      }
    }
  }

  /** SQLite follows the link, and keeps its write-ahead file beside the log itself. */
  @Test
  void aLogBehindALinkIsBackedUpWhole() throws Exception {
    Path data = directory.resolve("data");
    new LogFixture(data).close();
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Files.move(data.resolve("log.db"), disk.resolve("log.db"));
    Files.createSymbolicLink(data.resolve("log.db"), disk.resolve("log.db"));
    Path file = directory.resolve("backup.db");
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.append(TestLog.push("acme/rocket"));

      assertThat(backUp(fixture.log(), file, FAST).deliveries()).isOne();
    }
  }

  @Test
  void anExistingFileIsNotOverwritten() throws IOException {
    Path file = Files.writeString(directory.resolve("backup.db"), "precious");

    assertThatThrownBy(() -> new Backup(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is there already, and is not overwritten");
    assertThat(file).hasContent("precious");
  }

  @Test
  void aTruncatedBackupIsNotRestored() throws Exception {
    Path file = directory.resolve("backup.db");
    try (LogFixture fixture = new LogFixture(directory.resolve("data"))) {
      fixture.append(TestLog.push("acme/rocket"));
      java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();
      fixture.log().backup().writeTo(whole, FAST);
      java.io.InputStream cut =
          new java.io.ByteArrayInputStream(whole.toByteArray(), 0, whole.size() - 5);

      assertThatThrownBy(() -> new Backup(file).receive(cut, bytes -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("There is no backup: it was cut off");
      try (var left = Files.list(directory)) {
        assertThat(left).containsExactly(directory.resolve("data"));
      }
    }
  }

  @Test
  void theLogOfAStoppedServerIsCopiedWithWhatIsInItsWriteAheadFile() throws Exception {
    Path crashed = crashedWith20();
    Path file = directory.resolve("backup.db");

    CopiedLog copied = new Backup(file).copy(crashed, FAST, bytes -> {});

    assertThat(copied.deliveries()).isEqualTo(20);
    assertThat(LogFixture.guids(file)).doesNotHaveDuplicates().hasSize(20);
  }

  @Test
  @Timeout(8) // less than SQLite would wait for the backup
  void aKilledServerStartsWhileItsLogIsBackedUp() throws Exception {
    Path crashed = crashedWith20();
    Path file = directory.resolve("backup.db");
    List<LogFixture> started = new ArrayList<>();

    CopiedLog copied =
        new Backup(file)
            .copy(
                crashed,
                FAST,
                bytes -> {
                  if (started.isEmpty()) {
                    started.add(new LogFixture(crashed));
                    started.get(0).append(TestLog.push("acme/rocket"));
                  }
                });

    assertThat(copied.deliveries()).as("as it was when the backup began").isEqualTo(20);
    assertThat(started.get(0).history().count(DeliveryQuery.ALL)).isEqualTo(21);
    started.get(0).close();
    assertThat(LogFixture.guids(crashed.resolve("log.db"))).hasSize(21);
  }

  /** A data directory as a kill leaves it. */
  private Path crashedWith20() throws IOException {
    Path data = directory.resolve("data");
    Path crashed = Files.createDirectory(directory.resolve("crashed"));
    try (LogFixture fixture = new LogFixture(data)) {
      for (int number = 0; number < 20; number++) {
        fixture.append(TestLog.push("acme/rocket"));
      }
      Files.copy(data.resolve("log.db-wal"), crashed.resolve("log.db-wal"));
      Files.copy(data.resolve("log.db"), crashed.resolve("log.db"));
    }
    return crashed;
  }

  @Test
  void aBackupIsRestoredIntoAnEmptyDirectoryAndNothingRunsTwice() throws Exception {
    Path file = directory.resolve("backup.db");
    Path data = directory.resolve("data");
    Path other = directory.resolve("other");
    String done;
    try (LogFixture fixture = new LogFixture(data)) {
      TestLog.Recorder ran = new TestLog.Recorder();
      fixture.subscribe(fixture.wanted("deploy", "push").settings(), ran);
      dev.caravan.delivery.Delivery delivery = TestLog.push("acme/rocket");
      done = delivery.guid();
      fixture.append(delivery);
      org.awaitility.Awaitility.await().until(() -> ran.guids.contains(done));
      fixture.log().pause("deploy");
      fixture.append(TestLog.push("acme/rocket"));
      backUp(fixture.log(), file, FAST);
    }

    CopiedLog restored = restore(other).from(file).log();

    assertThat(restored.deliveries()).isEqualTo(2);
    try (LogFixture fixture = new LogFixture(other)) {
      TestLog.Recorder ran = new TestLog.Recorder();
      fixture.subscribe(fixture.wanted("deploy", "push").settings(), ran);
      fixture.log().resume("deploy");
      org.awaitility.Awaitility.await().until(() -> ran.guids.size() == 1);
      fixture.append(TestLog.delivery(done, "push", null, "acme/rocket", "{\"ref\":\"main\"}"));
      fixture.append(TestLog.push("acme/rocket"));
      org.awaitility.Awaitility.await().until(() -> ran.guids.size() == 2);
      assertThat(ran.guids).doesNotContain(done);
    }
  }

  @Test
  void aRestoreIntoALogIsRefusedAndAnInterruptedOneBeginsAgain() throws Exception {
    Path file = directory.resolve("backup.db");
    Path other = directory.resolve("other");
    try (LogFixture fixture = new LogFixture(directory.resolve("data"))) {
      fixture.append(TestLog.push("acme/rocket"));
      backUp(fixture.log(), file, FAST);
    }
    Files.createDirectory(other);
    Files.writeString(other.resolve("log.db.restored"), "half of it");

    restore(other).from(file);

    assertThat(LogFixture.guids(other.resolve("log.db"))).hasSize(1);
    assertThatThrownBy(() -> restore(other).from(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("There is a delivery log in " + other + " already")
        .hasMessageContaining("Move");
  }

  /** Its disk may not be mounted. */
  @Test
  void aRestoreDoesNotReplaceALinkToALogThatIsNotThere() throws Exception {
    Path file = directory.resolve("backup.db");
    Path other = Files.createDirectory(directory.resolve("other"));
    try (LogFixture fixture = new LogFixture(directory.resolve("data"))) {
      backUp(fixture.log(), file, FAST);
    }
    Path link =
        Files.createSymbolicLink(
            other.resolve("log.db"), directory.resolve("unmounted").resolve("log.db"));

    assertThatThrownBy(() -> restore(other).from(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is a link to a file that is not there");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void aDamagedBackupIsFoundAndNotRestored() throws Exception {
    Path file = directory.resolve("backup.db");
    Path other = directory.resolve("other");
    try (LogFixture fixture = new LogFixture(directory.resolve("data"))) {
      for (int number = 0; number < 300; number++) {
        fixture.append(
            TestLog.delivery(
                java.util.UUID.randomUUID().toString(),
                "push",
                null,
                "acme/rocket",
                "{\"a\":\"" + java.util.UUID.randomUUID().toString().repeat(30) + "\"}"));
      }
      backUp(fixture.log(), file, FAST);
    }
    assertThat(Verification.ofFile(file, (what, done, all) -> {}).problems()).isEmpty();
    // A byte of a stored payload, in which SQLite sees nothing wrong.
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(
          "UPDATE content SET bytes = substr(bytes, 1, length(bytes) - 3) || x'010203'"
              + " WHERE position = 7");
    }

    assertThat(Verification.ofFile(file, (what, done, all) -> {}).problems())
        .singleElement()
        .asString()
        .contains("Position 7");
    assertThatThrownBy(() -> restore(other).from(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is damaged, and was not restored");
    assertThat(other).isDirectoryNotContaining("glob:**/log.db*");
  }

  @Test
  void aRestoreOfWhatIsNoLogLeavesNoFileBehind() throws Exception {
    Path file = Files.write(directory.resolve("photo.jpg"), random(10_000).getBytes(UTF_8));
    Path other = directory.resolve("other");

    assertThatThrownBy(() -> restore(other).from(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("photo.jpg cannot be read as a delivery log");

    assertThat(other).isDirectoryNotContaining("glob:**/log.db*");
  }

  private static void append200(LogFixture fixture) {
    for (int number = 0; number < 200; number++) {
      fixture.append(
          TestLog.delivery(
              "guid-" + number, "push", null, "acme/rocket", "{\"a\":\"" + random(3000) + "\"}"));
    }
  }

  @Test
  void aCompactedLogIsSmallerAndWhole() throws Exception {
    Path data = directory.resolve("data");
    try (LogFixture fixture = new LogFixture(data)) {
      append200(fixture);
      assertThatThrownBy(() -> Compaction.of(data)).isInstanceOf(LogInUseException.class);
      while (fixture.log().removeBodies(Long.MAX_VALUE, 0, 1, 0).more()) {
        // all of them
      }
    }

    Compaction.Result result = Compaction.of(data);

    assertThat(result.after()).isLessThan(result.before() / 2);
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.append(TestLog.push("acme/rocket"));
      assertThat(fixture.history().count(DeliveryQuery.ALL)).isEqualTo(201);
    }
  }

  /** A link is there because the data directory's own disk is too small. */
  @Test
  void aLogOnAnotherDiskIsCompactedThere() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeThat(memory).isWritable();
    assumeThat(Files.getFileStore(memory)).isNotEqualTo(Files.getFileStore(directory));
    Path disk = Files.createTempDirectory(memory, "caravan");
    Path data = directory.resolve("data");
    new LogFixture(data).close();
    Path link = data.resolve("log.db");
    Files.move(link, disk.resolve("log.db"));
    Files.createSymbolicLink(link, disk.resolve("log.db"));

    try {
      Compaction.of(data);

      assertThat(link).isSymbolicLink();
      new LogFixture(data).close();
    } finally {
      for (Path file : Directory.entries(disk)) {
        Files.delete(file);
      }
      Files.delete(disk);
    }
  }

  /** It is often tried because the disk is full. */
  @Test
  void aCompactionThatFailsLeavesNothingOnTheDisk() throws Exception {
    Path data = directory.resolve("data");
    try (LogFixture fixture = new LogFixture(data)) {
      append200(fixture);
    }
    try (RandomAccessFile file = new RandomAccessFile(data.resolve("log.db").toFile(), "rw")) {
      file.seek(file.length() / 2 / 4096 * 4096);
      file.write(new byte[10 * 4096]);
    }

    assertThatThrownBy(() -> Compaction.of(data)).hasMessageContaining("cannot be compacted");
    assertThat(data).isDirectoryNotContaining("glob:**/*compact*");
  }

  private static String random(int bytes) {
    byte[] noise = new byte[bytes];
    new java.util.Random().nextBytes(noise);
    return java.util.HexFormat.of().formatHex(noise);
  }

  private static Restore restore(Path data) {
    return new Restore(data, line -> {}, (what, done, all) -> {});
  }

  private static CopiedLog backUp(SqliteDeliveryLog log, Path file, long rate) throws IOException {
    PipedInputStream in = new PipedInputStream(1 << 20);
    OutputStream out = new PipedOutputStream(in);
    CompletableFuture<CopiedLog> copied =
        CompletableFuture.supplyAsync(() -> new Backup(file).receive(in, bytes -> {}));
    try (out) {
      log.backup().writeTo(out, rate);
    }
    return copied.join();
  }
}
