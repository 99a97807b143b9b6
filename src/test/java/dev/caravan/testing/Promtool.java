package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' own tool, from the packages of the system. */
public final class Promtool {
  private static final Path PROGRAM = Path.of("/usr/bin/promtool");

  private Promtool() {}

  /**
   * Runs it, and fails with what it says unless it has succeeded; skips the test where it is not.
   *
   * @param directory where it may leave what it says
   */
  public static void run(Path directory, String... arguments)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(PROGRAM), "No promtool here: install Debian's prometheus");
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("output");
    Process promtool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(promtool.exitValue()).as(Files.readString(output)).isZero();
  }
}
