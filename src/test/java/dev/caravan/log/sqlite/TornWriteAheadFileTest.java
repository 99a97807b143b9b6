package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages what a killed program leaves behind, at random places, and opens it. */
class TornWriteAheadFileTest {
  private static final int HEADER = 32;
  private static final int FRAME = 24 + 4096;
  private static final int DELIVERIES = 60;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom();
  private final List<String> guids = new ArrayList<>();
  private Path left;
  private byte[] writeAhead;

  /**
   * Each delivery is a commit of its own; then the files are taken as they are, as a kill would.
   */
  @BeforeEach
  void leaveALogUnclosed() throws IOException {
    Path data = directory.resolve("data");
    left = Files.createDirectory(directory.resolve("left"));
    try (LogFixture log = new LogFixture(data)) {
      for (int number = 0; number < DELIVERIES; number++) {
        var delivery = TestLog.push("acme/rocket");
        log.append(delivery);
        guids.add(delivery.guid());
      }
      Files.copy(data.resolve("log.db"), left.resolve("log.db"));
      writeAhead = Files.readAllBytes(data.resolve("log.db-wal"));
    }
  }

  @RepeatedTest(10)
  void ofAWriteAheadFileCutAnywhereEveryCommitBeforeTheCutIsKept() throws IOException {
    int cut = random.nextInt(writeAhead.length);

    assertThat(keptAfter(Arrays.copyOf(writeAhead, cut))).isEqualTo(committedBefore(cut));
  }

  @RepeatedTest(10)
  void ofAWriteAheadFileWithAFlippedByteEveryCommitBeforeThatIsKept() throws IOException {
    int at = random.nextInt(writeAhead.length);
    byte[] damaged = writeAhead.clone();
    damaged[at] ^= (byte) random.nextInt(1, 256);

    assertThat(keptAfter(damaged)).isEqualTo(committedBefore(at));
  }

  @Test
  void whatWasRecoveredAndDroppedIsLogged() throws IOException {
    int cut = writeAhead.length - 1000;
    try (CapturedLog log = new CapturedLog("dev.caravan.log")) {
      List<String> kept = keptAfter(Arrays.copyOf(writeAhead, cut));

      assertThat(kept).hasSize(DELIVERIES - 1);
      assertThat(log.lines())
          .filteredOn(line -> !line.contains("can be read by other users"))
          .singleElement()
          .asString()
          .startsWith("INFO The last run did not stop cleanly. ")
          .contains(lastCommitBefore(cut) + " pages were recovered from its write-ahead file;")
          .contains(
              cut
                  - HEADER
                  - lastCommitBefore(cut) * FRAME
                  + " bytes of it belong to no complete commit")
          .contains("The newest delivery in the log is " + kept.get(kept.size() - 1));
    }
  }

  @Test
  void afterACleanStopNothingIsLogged() {
    try (CapturedLog log = new CapturedLog("dev.caravan.log")) {
      LogFixture second = new LogFixture(directory.resolve("data"));
      second.close();

      assertThat(log.lines()).isEmpty();
    }
  }

  private List<String> keptAfter(byte[] damaged) throws IOException {
    Files.write(left.resolve("log.db-wal"), damaged);
    try (LogFixture log = new LogFixture(left)) {
      DeliveryHistory history = log.history();
      List<String> kept =
          guids.stream().filter(guid -> Kept.delivery(history, guid).isPresent()).toList();
      var next = TestLog.push("acme/rocket");
      log.append(next);
      assertThat(Kept.delivery(history, next.guid())).isPresent();
      return kept;
    }
  }

  /** The deliveries whose commit is whole before that offset. The last commits are theirs. */
  private List<String> committedBefore(int offset) {
    int after = commits(offset, writeAhead.length);
    return guids.subList(0, Math.max(0, DELIVERIES - after));
  }

  /** Commits that end after the one offset and at the latest at the other. */
  private int commits(int after, int upTo) {
    int commits = 0;
    for (int end = HEADER + FRAME; end <= upTo; end += FRAME) {
      if (end > after && isCommit(end - FRAME)) {
        commits++;
      }
    }
    return commits;
  }

  /** How many pages there are up to the last commit that is whole before that offset. */
  private int lastCommitBefore(int offset) {
    int pages = 0;
    for (int end = HEADER + FRAME; end <= offset; end += FRAME) {
      if (isCommit(end - FRAME)) {
        pages = (end - HEADER) / FRAME;
      }
    }
    return pages;
  }

  /** A frame whose second number is not 0 ends a commit (SQLite, "The Write-Ahead Log"). */
  private boolean isCommit(int frame) {
    return ByteBuffer.wrap(writeAhead).getInt(frame + 4) != 0;
  }
}
