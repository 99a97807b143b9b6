package dev.caravan.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.ClassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The jar as a user has it: a file in some directory, started as a process of its own. */
final class Program implements AutoCloseable {
  private static final Path JAR = Path.of("target", "caravan.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path output;

  /** Made when the first is started. */
  private static final class Ready {
    static final Path ARCHIVE = make();

    private static Path make() {
      try {
        Path directory = Files.createDirectories(JAR.resolveSibling("program"));
        Path archive = directory.resolve("classes.jsa");
        Files.deleteIfExists(archive);
        ClassArchive.make(JAR, archive);
        return archive;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Program(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts {@code java -jar caravan.jar} in that directory, where the jar is linked to. */
  static Program start(Path directory, Map<String, String> environment, String... arguments) {
    try {
      Path jar = directory.resolve("caravan.jar");
      if (!Files.exists(jar)) {
        Files.createSymbolicLink(jar, JAR);
      }
      List<String> command = ClassArchive.java(Ready.ARCHIVE);
      command.addAll(List.of("-Xmx256m", "-jar", "caravan.jar"));
      command.addAll(List.of(arguments));
      Path output = Files.createTempFile(directory, "output", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new Program(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command that ends by itself. */
  static Program run(Path directory, Map<String, String> environment, String... arguments) {
    Program program = start(directory, environment, arguments);
    program.exitCode();
    return program;
  }

  /** All that was printed so far. */
  String output() {
    try {
      return Files.readString(output, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Program awaitOutput(String text) {
    await().atMost(PATIENCE).until(() -> output().contains(text) || !process.isAlive());
    if (!output().contains(text)) {
      throw new AssertionError("Ended without saying \"" + text + "\":\n" + output());
    }
    return this;
  }

  Program awaitReady() {
    return awaitOutput("Caravan is ready.").awaitOutput("send push");
  }

  /** The port of the line that names the hook's URL. */
  int port() {
    Matcher url = Pattern.compile("Deliveries  http://localhost:(\\d+)/").matcher(output());
    if (!url.find()) {
      throw new AssertionError("No URL in:\n" + output());
    }
    return Integer.parseInt(url.group(1));
  }

  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("Still running:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exitCode();
  }
}
