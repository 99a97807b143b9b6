package dev.caravan.faults;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program as a process: started, watched, and ended in one way or another. */
final class CaravanProcess implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final Pattern DELIVERIES =
      Pattern.compile("Deliveries +(https?://localhost:\\S+)");
  private static final Pattern HEALTH = Pattern.compile("Health +http://localhost:(\\S+)");

  private final Process process;
  private final Path output;
  private final long startedAt = System.nanoTime();
  private long readyAt;

  private CaravanProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static CaravanProcess start(
      List<String> command, Map<String, String> environment, Path directory, Path output) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      return new CaravanProcess(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitReady() {
    await()
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              if (!process.isAlive()) {
                fail("The program ended with %d:%n%s", process.exitValue(), output());
              }
              return HEALTH.matcher(output()).find();
            });
    readyAt = System.nanoTime();
  }

  /** From the start of the process until it said that it was ready. */
  Duration startTook() {
    return Duration.ofNanos(readyAt - startedAt);
  }

  /** Where deliveries go. */
  URI hook() {
    return URI.create(find(DELIVERIES).replace("//localhost:", "//127.0.0.1:"));
  }

  URI health() {
    return URI.create("http://127.0.0.1:" + find(HEALTH));
  }

  /** The processes that it has started, and those that they have. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** What it has printed so far. */
  String output() {
    try {
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kilobytes of memory it has in use, or had at its peak: VmRSS, VmHWM. */
  long memoryKilobytes(String kind) {
    try {
      Matcher matcher =
          Pattern.compile(kind + ":\\s+(\\d+) kB")
              .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it (SIGKILL) once that much time has passed, in whatever it is doing then. */
  void killAfter(Duration time) {
    try {
      if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        fail("The program ended by itself with %d:%n%s", process.exitValue(), output());
      }
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void kill() {
    killAfter(Duration.ZERO);
  }

  /** Sends it a signal, such as STOP and CONT. */
  void signal(String name) {
    process
        .descendants()
        .map(ProcessHandle::pid)
        .forEach(child -> signal(name, child)); // it may run under another command
    signal(name, process.pid());
  }

  private static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks it to stop (SIGTERM); returns its exit code. */
  int stop() {
    process.destroy();
    return awaitExit();
  }

  int awaitExit() {
    try {
      if (!process.waitFor(LONGEST_START.toSeconds(), TimeUnit.SECONDS)) {
        fail("The program did not end:%n%s", output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private String find(Pattern pattern) {
    Matcher matcher = pattern.matcher(output());
    if (!matcher.find()) {
      throw new IllegalStateException("Not ready:\n" + output());
    }
    return matcher.group(1);
  }
}
