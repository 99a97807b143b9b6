package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.routes.RouteFinding;
import dev.caravan.routes.schema.RouteSchema;
import dev.caravan.server.DryRun;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a route file to start from. */
@Command(
    name = "new",
    description = {
      "Writes routes/NAME.camel.yaml, a route with comments to start from.",
      "A running server picks it up at once."
    })
final class NewCommand implements Callable<Integer> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Parameters(paramLabel = "NAME", description = "The id of the route.")
  private String name;

  @Option(
      names = "--event",
      split = ",",
      paramLabel = "EVENT",
      description = "Which events, such as push or pull_request.opened. Default: all.")
  private List<String> events = List.of("*");

  @Option(
      names = "--branch",
      paramLabel = "BRANCHES",
      description = "Only these branches, such as main.")
  private @Nullable String branch;

  @Option(
      names = "--repository",
      paramLabel = "REPOSITORIES",
      description = "Only these repositories.")
  private @Nullable String repository;

  @Option(
      names = "--paths",
      paramLabel = "PATHS",
      description = "Only pushes that change these files.")
  private @Nullable String paths;

  @Option(names = "--raw", description = "Pass on the bytes GitHub sent, with their signature.")
  private boolean raw;

  @Option(
      names = "--to",
      paramLabel = "URI",
      description = {
        "Where to, such as http://localhost:8080/deploy or any of Camel's endpoints. Default: the log.",
        "A secret address is better written as {{deploy.url}}, and set as DEPLOY_URL."
      })
  private @Nullable String to;

  @Override
  public Integer call() {
    System.setProperty("caravan.log.target", "SYSTEM_ERR");
    Configurator.setLevel("dev.caravan.routes", Level.OFF); // this command reports the same
    if (!NAME.matcher(name).matches()) {
      throw new InvalidSettingException(
          "A route's name has letters, digits, - and _, and so has its file. %s has others."
              .formatted(name));
    }
    Settings settings = options.read();
    Path routes = options.resolve(settings.text("caravan.routes"));
    NewRoute route =
        new NewRoute(name, String.join(",", events), parameters(), to == null ? "log:" + name : to);
    try {
      refuseFaulty(route.yaml(), settings);
      write(routes, route.yaml());
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailedException(
          "%s already exists. Choose another name, or edit it.".formatted(file(routes)));
    } catch (IOException e) {
      throw new CommandFailedException("%s cannot be written: %s".formatted(file(routes), e));
    }
    spec.commandLine().getOut().println(file(routes));
    return ExitCode.OK;
  }

  private Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    put(parameters, "repository", repository);
    put(parameters, "branch", branch);
    put(parameters, "paths", paths);
    put(parameters, "payload", raw ? "raw" : null);
    return parameters;
  }

  private static void put(Map<String, String> parameters, String key, @Nullable String value) {
    if (value != null) {
      parameters.put(key, value);
    }
  }

  private Path file(Path routes) {
    return routes.resolve(name + ".camel.yaml");
  }

  /** Checks the route before it is written. */
  private void refuseFaulty(String yaml, Settings settings) throws IOException {
    Path directory = Files.createTempDirectory("caravan");
    Path file = file(directory);
    try {
      Files.writeString(file, yaml);
      Optional<RouteFinding> fault =
          DryRun.of(settings, directory).routeFindings().stream()
              .filter(finding -> !finding.isWarning())
              .findFirst();
      if (fault.isPresent()) {
        throw new InvalidSettingException(
            Terminal.plain("Nothing was written: " + fault.get().message()));
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private void write(Path routes, String yaml) throws IOException {
    Files.createDirectories(routes);
    Path schema = routes.resolve(RouteSchema.FILE);
    if (!Files.exists(schema)) {
      Files.writeString(schema, RouteSchema.json());
    }
    Path partial = Files.writeString(routes.resolve("." + name + ".part"), yaml);
    try {
      Files.createFile(file(routes)); // nobody's file is replaced
      Files.move(
          partial,
          file(routes),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
