package dev.caravan.cli;

import dev.caravan.config.SettingSources;
import dev.caravan.github.FakeGitHub;
import dev.caravan.github.FakeHook;
import dev.caravan.server.CaravanServer;
import dev.caravan.testing.Ports;
import dev.caravan.testing.ProgramClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The whole program with a fake GitHub that sends to it, on ports that stay the same. */
final class GitHubSite implements AutoCloseable {
  static final String SECRET = "what GitHub signs with";

  final FakeGitHub gitHub = new FakeGitHub();
  private final Path directory;
  private final int port = Ports.free();
  private final int managementPort = Ports.free();
  private final Map<String, String> more = new TreeMap<>();
  private CaravanServer server;

  GitHubSite(Path directory, String... events) {
    this.directory = directory;
    try {
      Files.createDirectories(directory.resolve("routes"));
      for (String each : events) {
        route(each.replaceAll("\\W", "-"), each, "");
      }
      Files.writeString(
          directory.resolve("application.properties"),
          """
          camel.server.port = %d
          camel.management.port = %d
          caravan.secret = %s
          caravan.data = %s
          caravan.routes = %s
          caravan.github.api = %s
          caravan.github.pause = 0s
          """
              .formatted(
                  port,
                  managementPort,
                  SECRET,
                  directory.resolve("data"),
                  directory.resolve("routes"),
                  gitHub.url()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a route that does nothing with these events of these repositories. */
  GitHubSite route(String id, String events, String repository) {
    try {
      Files.writeString(
          directory.resolve("routes/" + id + ".camel.yaml"),
          """
          - route:
              id: %s
              from:
                uri: github-webhook:%s
                parameters: { repository: "%s" }
                steps:
                  - setProperty: { name: done, constant: "true" }
          """
              .formatted(id, events, repository.isEmpty() ? "*/*" : repository));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GitHubSite set(String key, String value) {
    more.put(key, value);
    return this;
  }

  /** Leaves it to the program to make one. */
  GitHubSite withoutSecret() {
    Path file = directory.resolve("application.properties");
    try {
      Files.writeString(
          file, Files.readString(file).replace("caravan.secret = " + SECRET + "\n", ""));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the program. */
  GitHubSite start() {
    server =
        CaravanServer.start(
            () ->
                new SettingSources(environment())
                    .read(directory.resolve("application.properties"), more));
    return this;
  }

  void stop() {
    server.close();
  }

  /** A hook that sends to the program with the right secret. */
  FakeHook hook(String owner) {
    return gitHub.hooks().add(owner, url()).withSecret(SECRET);
  }

  String url() {
    return "http://localhost:" + port + "/hooks/handle_github";
  }

  String managementUrl() {
    return server.managementUrl();
  }

  /** Logs in, once. */
  String consoleUrl() {
    return server.consoleUrl();
  }

  /** Runs {@code caravan github} with these arguments. */
  Invocation caravan(String... args) {
    return Invocation.of(environment(), directory, withGroup(args));
  }

  /** The command of a process that does the same. */
  Process process(String... args) {
    List<String> command = ProgramClasses.command(List.of(), withGroup(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment());
    try {
      return builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    gitHub.close();
  }

  private static Map<String, String> environment() {
    return Map.of("GITHUB_TOKEN", FakeGitHub.TOKEN);
  }

  private static String[] withGroup(String... args) {
    List<String> all = new ArrayList<>(List.of("github"));
    all.addAll(List.of(args));
    return all.toArray(String[]::new);
  }
}
