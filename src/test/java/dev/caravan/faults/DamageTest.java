package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used is refused with one sentence that says what to do. */
class DamageTest {
  private static final int PAGE = 4096;

  @TempDir Path directory;

  @Test
  void aLogWithPagesOverwrittenIsRefused() throws IOException {
    Site site = new Site(directory);
    try (CaravanProcess caravan = site.startReady()) {
      Client client = new Client(caravan);
      for (int number = 1; number <= 100; number++) {
        assertThat(client.send(SignedPush.of(1, number, noise(number))).statusCode())
            .isEqualTo(202);
      }
      assertThat(caravan.stop()).isZero();
    }
    overwrite(site.data().resolve("log.db"));

    try (CaravanProcess caravan = site.start()) {
      assertThat(caravan.awaitExit()).isEqualTo(1);
      assertThat(caravan.output().strip())
          .startsWith("The delivery log ")
          .contains("log.db is damaged")
          .contains("caravan log salvage --data " + site.data())
          .contains("move it away")
          .doesNotContain("\n");
    }
  }

  @Test
  void aReadOnlyDataDirectoryIsRefused() {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "8m")) {
      Site site = new Site(directory, disk.directory().resolve("data"));
      try (CaravanProcess caravan = site.startReady()) {
        assertThat(caravan.stop()).isZero();
      }
      disk.makeReadOnly();

      try (CaravanProcess caravan = site.start()) {
        assertThat(caravan.awaitExit()).isEqualTo(1);
        assertThat(caravan.output().strip())
            .isEqualTo(
                "The data directory %s cannot be written: Read-only file system. Make it writable, or choose another with --data."
                    .formatted(site.data()));
      }
    }
  }

  /** Text that cannot be compressed much, so that the file has pages of nothing but payload. */
  private static String noise(int seed) {
    byte[] bytes = new byte[4000];
    new Random(seed).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Two pages in the middle of the file: payloads, which nobody reads at the start. */
  private static void overwrite(Path file) throws IOException {
    long pages = Files.size(file) / PAGE;
    byte[] rubbish = new byte[PAGE];
    Random random = new Random(1);
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = pages / 3; page < pages / 3 + 2; page++) {
        random.nextBytes(rubbish);
        access.seek(page * PAGE);
        access.write(rubbish);
      }
    }
  }
}
