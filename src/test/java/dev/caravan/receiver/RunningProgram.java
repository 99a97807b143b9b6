package dev.caravan.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process with a class path of its own; what it prints is kept. */
final class RunningProgram implements AutoCloseable {
  private final Process process;
  private final Path output;

  RunningProgram(
      Path directory, String classPath, String mainClass, Map<String, String> environment) {
    this(
        directory,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            mainClass),
        environment);
  }

  private RunningProgram(Path directory, List<String> command, Map<String, String> environment) {
    output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  static void run(Path directory, List<String> command) throws InterruptedException {
    try (RunningProgram program =
        new RunningProgram(directory, new ArrayList<>(command), Map.of())) {
      if (!program.process.waitFor(10, TimeUnit.MINUTES) || program.process.exitValue() != 0) {
        throw new IllegalStateException(command + " failed:\n" + program.output());
      }
    }
  }

  String output() {
    try {
      return new String(Files.readAllBytes(output), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has answered something at that address. */
  void awaitAnswer(String url) {
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("It has ended:\n" + output());
              }
              // GET: neither stored nor refused as a delivery
              return !SignedPush.statusOfGet(url).matches("no answer|404");
            });
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
