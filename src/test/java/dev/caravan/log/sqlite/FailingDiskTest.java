package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.log.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One flush of log.db fails, and with it the system forgets the pages it was to write; later the
 * power goes. The disk is a library of our own, so that this is no statement of SQLite's about
 * itself.
 */
@Tag("long")
class FailingDiskTest {
  @TempDir Path directory;
  private Path library;
  private Path shadow;

  @BeforeEach
  void build() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "a C compiler is not installed");
    library = directory.resolve("failing-disk.so");
    shadow = Files.createDirectory(directory.resolve("shadow"));
    Path source = directory.resolve("failing-disk.c");
    try (var text = FailingDiskTest.class.getResourceAsStream("failing-disk.c")) {
      Files.copy(text, source);
    }
    List<String> command =
        List.of("cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatWasAcceptedSurvivesAFailedFlushAndALossOfPower(int failing) throws Exception {
    List<String> lines = run(failing);

    assertThat(lines).filteredOn(line -> line.contains("could not be moved")).hasSize(1);
    List<String> accepted =
        lines.stream()
            .filter(line -> line.startsWith("accepted "))
            .map(line -> line.substring("accepted ".length()))
            .toList();
    assertThat(accepted).hasSizeGreaterThan(500);
    try (LogFixture log = new LogFixture(shadow)) {
      assertThat(accepted)
          .allSatisfy(guid -> assertThat(Kept.delivery(log.history(), guid)).isPresent());
    }
  }

  private List<String> run(int failing) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            FailingDisk.class.getName(),
            directory.resolve("data").toString());
    builder.environment().put("LD_PRELOAD", library.toString());
    builder.environment().put("DISK_SHADOW", shadow.toString());
    builder.environment().put("DISK_FAILS", Integer.toString(failing));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    assertThat(builder.start().waitFor()).as(output.toString()).isZero();
    return Files.readAllLines(output);
  }
}
