package dev.caravan.ingress.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers' connections must leave files for the program itself. */
class FileLimitTest {
  @TempDir private Path directory;

  @Test
  void connectionsThatFitBesideTheProgramsOwnFilesAreLetIn() throws IOException {
    assertThat(limitedTo("65536").connections(1024)).isEqualTo(1024);
    assertThat(limitedTo("unlimited").connections(65_536)).isEqualTo(65_536);
    assertThat(FileLimit.of(directory.resolve("as-on-macOS")).connections(1024)).isEqualTo(1024);
  }

  @Test
  void thereAreNoMoreThanLeaveFilesForTheProgramItself() throws IOException {
    assertThat(limitedTo("65536").connections(65_536)).isEqualTo(65_024);
    assertThat(limitedTo("600").connections(1024)).isEqualTo(300);
  }

  private FileLimit limitedTo(String files) throws IOException {
    return FileLimit.of(
        Files.writeString(
            directory.resolve("limits"),
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             95694                95694                processes
            Max open files            %-20s 1048576              files
            Max locked memory         8388608              8388608              bytes
            """
                .formatted(files)));
  }
}
