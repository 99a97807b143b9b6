package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.files.OwnerOnly;
import dev.caravan.log.TestLog;
import dev.caravan.log.shipping.ShippingOptions;
import dev.caravan.log.sqlite.offline.Restore;
import dev.caravan.storage.FakeS3;
import dev.caravan.storage.Places;
import dev.caravan.storage.Storage;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped elsewhere, and what is made of it when the disk is lost. */
class ShippingTest {
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final ShippingOptions OFTEN =
      new ShippingOptions(Duration.ofMillis(50), A_DAY, 2, 1L << 40);

  @TempDir Path directory;
  private Path data;
  private Path away;
  private Storage storage;

  @BeforeEach
  void makePlace() throws IOException {
    data = directory.resolve("data");
    away = Files.createDirectory(directory.resolve("away"));
    storage = Places.open("file:" + away, "", Map.of());
  }

  @Test
  void aLostDiskCostsASecondOrTwoUnderLoad() throws Exception {
    try (BusyLog busy = new BusyLog(data)) {
      busy.log().shipTo(storage, OFTEN);
      busy.start(2000);
      awaitShipped(busy.log());
      long lost = System.nanoTime();
      Path kept = copyOf(away); // what another disk has at this moment

      List<String> restored = restored(kept);

      assertThat(restored)
          .doesNotHaveDuplicates()
          .containsAll(busy.before(lost - TimeUnit.SECONDS.toNanos(2)));
      assertThat(Files.size(data.resolve("log.db-wal"))).isLessThan(30 << 20);
    }
  }

  @Test
  void afterAStopAllIsThereAndAStartGoesOnWithIt() throws Exception {
    for (int run = 1; run <= 3; run++) {
      try (LogFixture fixture = new LogFixture(data)) {
        fixture.log().shipTo(storage, OFTEN);
        fixture.append(TestLog.push("acme/rocket"));
      }
      assertThat(restored(away)).hasSize(run);
    }
    assertThat(generations()).hasSize(1);
  }

  @Test
  void aProgramThatWasKilledGoesOnWithWhatHasChanged() throws Exception {
    Path killed = directory.resolve("killed");
    Path place = directory.resolve("place");
    int accepted;
    try (BusyLog busy = new BusyLog(data)) {
      busy.log().shipTo(storage, OFTEN);
      busy.start(1500);
      awaitShipped(busy.log());
      Files.move(away, place); // the last that is shipped
      busy.await(1900).stopAppending();
      accepted = busy.accepted.size();
      copy(data.resolve("shipping"), killed.resolve("shipping"));
      Files.copy(data.resolve("log.db-wal"), killed.resolve("log.db-wal"));
      Files.copy(data.resolve("log.db"), killed.resolve("log.db"));
    }
    Files.move(place, away);
    long before = bytes();
    Files.move(data, directory.resolve("stopped"));
    Files.move(killed, data);
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.log().shipTo(storage, OFTEN);
      fixture.append(TestLog.push("acme/rocket"));

      await().untilAsserted(() -> assertThat(restored(copyOf(away))).hasSize(accepted + 1));
      assertThat(generations()).hasSize(1);
      assertThat(bytes() - before).as("shipped by the second run").isLessThan(before);
    }
  }

  @Test
  void anUnreachablePlaceIsLoggedOnceAndCaughtUpWith() throws Exception {
    Path gone = directory.resolve("gone");
    try (LogFixture fixture = new LogFixture(data);
        CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      fixture.append(TestLog.push("acme/rocket"));
      fixture.log().shipTo(storage, OFTEN);
      awaitShipped(fixture.log());
      Files.move(away, gone);
      for (int number = 0; number < 20; number++) {
        fixture.append(TestLog.push("acme/rocket"));
        Thread.sleep(20);
      }
      await().until(() -> !lines.lines().isEmpty());
      Files.move(gone, away);

      await().until(() -> lines.lines().stream().anyMatch(line -> line.contains("again")));
      await().untilAsserted(() -> assertThat(restored(copyOf(away))).hasSize(21));
      assertThat(lines.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
    }
  }

  @Test
  void aSecondProgramIsRefusedTheSamePlace() throws Exception {
    try (LogFixture first = new LogFixture(data);
        LogFixture second = new LogFixture(directory.resolve("other"));
        CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      first.append(TestLog.push("acme/rocket"));
      first.log().shipTo(storage, OFTEN);
      await().until(() -> generations().size() == 1);
      second.append(TestLog.push("acme/other"));
      second.log().shipTo(storage, OFTEN);

      await()
          .until(
              () ->
                  lines.lines().stream()
                      .anyMatch(
                          line -> line.startsWith("ERROR") && line.contains("another Caravan")));
      assertThat(generations()).hasSize(1);
    }
  }

  @Test
  void aProgramWithACopyOfTheDataDirectoryIsRefusedAndNothingOfTheFirstIsLost() throws Exception {
    Path copied = directory.resolve("copied");
    try (LogFixture first = new LogFixture(data)) {
      first.log().shipTo(storage, OFTEN);
      first.append(TestLog.push("acme/rocket"));
    }
    copy(data, copied);
    try (LogFixture first = new LogFixture(data);
        CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      first.log().shipTo(storage, OFTEN);
      first.append(TestLog.push("acme/rocket"));
      awaitShipped(first.log());
      try (LogFixture second = new LogFixture(copied)) {
        second.append(TestLog.push("acme/copy"));
        second.log().shipTo(storage, OFTEN);
        await()
            .until(
                () ->
                    lines.lines().stream()
                        .anyMatch(
                            line -> line.startsWith("ERROR") && line.contains("another Caravan")));
      }
      first.append(TestLog.push("acme/rocket"));
    }
    assertThat(restored(away)).hasSize(3);
    assertThat(generations()).hasSize(1);
  }

  @Test
  @Tag("long")
  void aNewCopyTakesThePlaceOfTheOldOneWithoutAGap() throws Exception {
    ShippingOptions eachTime =
        new ShippingOptions(Duration.ofMillis(20), Duration.ofSeconds(1), 2, 1L << 40);
    try (BusyLog busy = new BusyLog(data)) {
      busy.log().shipTo(storage, eachTime);
      busy.start(100);
      Set<String> seen = new HashSet<>();
      for (int look = 0; look < 5; look++) {
        Thread.sleep(400);
        long now = System.nanoTime();
        seen.addAll(generations());
        assertThat(restored(copyOf(away)))
            .containsAll(busy.before(now - TimeUnit.SECONDS.toNanos(3)));
      }
      assertThat(seen).hasSizeGreaterThan(2);
      await().until(() -> generations().size() <= 3);
    }
  }

  @Test
  void withoutASegmentAllBeforeItIsRestoredAndThatIsReported() throws Exception {
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.log().shipTo(storage, OFTEN);
      for (int number = 1; number <= 5; number++) {
        fixture.append(TestLog.push("acme/rocket"));
        int expected = number;
        await().until(() -> segments().size() >= expected);
      }
    }
    List<Path> segments = segments();
    Files.delete(segments.get(3));
    Path cut = segments.get(2);
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 700));
    List<String> said = new ArrayList<>();

    List<String> restored = restored(away, said);

    assertThat(restored).hasSizeBetween(1, 4);
    assertThat(said)
        .anyMatch(line -> line.contains("Segment 4 of") && line.contains("is missing"))
        .anyMatch(line -> line.contains("cannot be used"));
  }

  /**
   * Busy, hanging up in the middle of a segment, and away: nothing of it is seen by who appends.
   */
  @Test
  void anS3ThatFailsNowAndThenHasEverythingInTheEnd() throws Exception {
    Path target = directory.resolve("restored");
    try (FakeS3 s3 = new FakeS3()) {
      Storage bucket = Places.open("s3://bucket/caravan", s3.endpoint(), FakeS3.ENVIRONMENT);
      Set<String> accepted;
      try (BusyLog busy = new BusyLog(data)) {
        busy.log().shipTo(bucket, OFTEN);
        busy.start(200);
        for (String failure : List.of("503", "cut", "503")) {
          s3.failures.add(failure);
        }
        busy.await(600);
        await().until(s3.failures::isEmpty);
        awaitShipped(busy.log());
        busy.stopAppending();
        accepted = Set.copyOf(busy.accepted.keySet());
      }
      new Restore(target, line -> {}, (what, done, all) -> {}).from(bucket);
      assertThat(s3.failures).isEmpty();
      assertThat(LogFixture.guids(target.resolve("log.db"))).hasSameElementsAs(accepted);
    }
  }

  /** A connection that breaks says nothing about what was shipped: no older moment is restored. */
  @Test
  void aRestoreThatCannotFetchASegmentIsToBeRunAgain() throws Exception {
    Path target = directory.resolve("restored");
    List<String> said = new ArrayList<>();
    try (FakeS3 s3 = new FakeS3()) {
      Storage bucket = Places.open("s3://bucket/caravan", s3.endpoint(), FakeS3.ENVIRONMENT);
      try (LogFixture fixture = new LogFixture(data)) {
        fixture.log().shipTo(bucket, OFTEN);
        fixture.append(TestLog.push("acme/rocket"));
        await().until(() -> s3.objects.keySet().stream().anyMatch(key -> key.contains("whole")));
      }
      s3.halves = true;
      Restore restore = new Restore(target, said::add, (what, done, all) -> {});

      assertThatThrownBy(() -> restore.from(bucket)).hasMessageContaining("Run it again");
      assertThat(said).isEmpty();
      assertThat(target.resolve("log.db")).doesNotExist();

      s3.halves = false;
      restore.from(bucket);
      assertThat(LogFixture.guids(target.resolve("log.db"))).hasSize(1);
    }
  }

  @Test
  void aCopyIsTheNewestByItsNameThoughAClockWasAhead() throws Exception {
    String ahead = "20991231T235959Z-00000000";
    Files.createDirectory(away.resolve(ahead));
    Files.writeString(
        away.resolve(ahead).resolve("0000000001-0000000000000001-whole.pages"), "of another clock");
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.log().shipTo(storage, OFTEN);
      fixture.append(TestLog.push("acme/rocket"));
    }
    List<String> said = new ArrayList<>();

    assertThat(restored(away, said)).hasSize(1);
    assertThat(said).isEmpty();
  }

  @Test
  void aLostAndFoundDirectoryIsIgnored() throws Exception {
    Files.createDirectory(away.resolve("lost+found"));
    Files.writeString(away.resolve("lost+found").resolve("#1"), "?");
    storage.putText("owner", "me");

    assertThat(storage.list("")).containsExactly("owner");
  }

  @Test
  void whatIsShippedAndRestoredIsForItsOwnerOnly() throws Exception {
    Path backup = directory.resolve("backup.db");
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.log().shipTo(storage, OFTEN);
      fixture.append(TestLog.push("acme/rocket"));
    }
    Files.copy(data.resolve("log.db"), backup);
    Files.setPosixFilePermissions(backup, PosixFilePermissions.fromString("rw-r--r--"));
    Path target = directory.resolve("restored");
    new Restore(target, line -> {}, (what, done, all) -> {}).from(backup);

    assertThat(segments()).isNotEmpty().noneMatch(ShippingTest::isOpenToOthers);
    assertThat(target.resolve("log.db")).matches(file -> !isOpenToOthers(file));
  }

  private static void awaitShipped(SqliteDeliveryLog log) {
    await().until(() -> log.figures().shippedAge().compareTo(Duration.ofSeconds(1)) < 0);
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      return OwnerOnly.isOpenToOthers(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRestoreThatCannotWriteHereDoesNotAdviseToDeleteWhatWasShipped() throws Exception {
    try (LogFixture fixture = new LogFixture(data)) {
      fixture.log().shipTo(storage, OFTEN);
      fixture.append(TestLog.push("acme/rocket"));
    }
    Path target = Files.createTempDirectory(directory, "restored");
    Files.createDirectories(target.resolve("log.db.restored.1.segment").resolve("in the way"));

    assertThatThrownBy(() -> new Restore(target, line -> {}, (what, done, all) -> {}).from(storage))
        .hasMessageContaining("cannot be restored")
        .message()
        .doesNotContain("delete it");
  }

  private List<String> restored(Path place) throws Exception {
    return restored(place, new ArrayList<>());
  }

  private List<String> restored(Path place, List<String> said) throws Exception {
    Path target = Files.createTempDirectory(directory, "restored");
    new Restore(target, said::add, (what, done, all) -> {})
        .from(Places.open("file:" + place, "", Map.of()));
    return LogFixture.guids(target.resolve("log.db"));
  }

  private Path copyOf(Path place) throws IOException {
    Path copy = Files.createTempDirectory(directory, "copy");
    copy(place, copy);
    return copy;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try {
      for (Path file : files(from)) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    } catch (NoSuchFileException e) { // it went meanwhile: what is copied is not of one moment
      for (Path file : files(to)) {
        Files.delete(file);
      }
      copy(from, to);
    }
  }

  /** Without what is being written, and so may be gone while the directory is read. */
  private static List<Path> files(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, entry -> !entry.toString().endsWith(".part"))) {
      for (Path entry : entries) {
        found.addAll(Files.isDirectory(entry) ? files(entry) : List.of(entry));
      }
    }
    return found.stream().sorted().toList();
  }

  private List<Path> segments() throws IOException {
    return Files.isDirectory(away)
        ? files(away).stream().filter(file -> file.toString().endsWith(".pages")).toList()
        : List.of();
  }

  private Set<String> generations() throws IOException {
    Set<String> names = new HashSet<>();
    segments().forEach(each -> names.add(each.getParent().getFileName().toString()));
    return names;
  }

  private long bytes() throws IOException {
    return segments().stream().mapToLong(each -> each.toFile().length()).sum();
  }
}
