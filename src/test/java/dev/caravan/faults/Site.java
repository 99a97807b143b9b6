package dev.caravan.faults;

import dev.caravan.testing.ProgramClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A directory to run the program in, again and again: its routes, its data, what it printed. */
final class Site {
  private final Path directory;
  private final Path data;
  private final List<String> wrapper = new ArrayList<>();
  private final List<String> javaOptions = new ArrayList<>(List.of("-Xmx256m"));
  private final List<String> settings = new ArrayList<>();
  private String port = "0";
  private String managementPort = "0";
  private int starts;

  Site(Path directory) {
    this(directory, directory.resolve("data"));
  }

  /**
   * A site whose data is elsewhere.
   *
   * @param data for instance on a small file system
   */
  Site(Path directory, Path data) {
    this.directory = directory;
    this.data = data;
    try {
      Files.createDirectories(directory.resolve("routes"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path data() {
    return data;
  }

  /** Adds a route, in YAML. */
  Site route(String id, String yaml) {
    return file(id + ".camel.yaml", yaml);
  }

  /** Adds a file to those of routes, by its path there. */
  Site file(String path, String text) {
    try {
      Path file = directory.resolve("routes").resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a setting for all starts from now on. */
  Site set(String key, String value) {
    settings.addAll(List.of("--set", key + "=" + value));
    return this;
  }

  /** A command to run the program under, such as strace; replaces the one before. */
  Site under(String... command) {
    wrapper.clear();
    wrapper.addAll(List.of(command));
    return this;
  }

  /** With the whole compiler, for tests that measure. */
  Site optimized() {
    javaOptions.add("-XX:TieredStopAtLevel=4");
    return this;
  }

  /** The same public port for all starts from now on. */
  Site port(int number) {
    port = Integer.toString(number);
    return this;
  }

  /** The same for all starts from now on, so that one finds the one before. */
  Site managementPort(int port) {
    managementPort = Integer.toString(port);
    return this;
  }

  /** Starts the program, with further options of its own, and returns at once. */
  CaravanProcess start(String... options) {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(ProgramClasses.command(javaOptions, "run"));
    command.addAll(List.of("--port", port, "--management-port", managementPort));
    command.addAll(List.of("--data", data.toString(), "--routes", "routes"));
    command.addAll(settings);
    command.addAll(List.of(options));
    starts++;
    return CaravanProcess.start(
        command,
        Map.of("GITHUB_WEBHOOK_SECRET", SignedPush.SECRET),
        directory,
        directory.resolve("output-" + starts + ".txt"));
  }

  /** Starts the program and returns when it takes deliveries. */
  CaravanProcess startReady(String... options) {
    CaravanProcess process = start(options);
    try {
      process.awaitReady();
      return process;
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }
}
