package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.rehearsal.Rehearsal;
import dev.caravan.rehearsal.Rehearsed;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.server.OfflineRehearsals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what routes would do with events, and compares that with what their author expects. */
@Command(
    name = "test",
    description = {
      "Tries routes without sending anything: what each would take, what it would send where, what would fail.",
      "Without an option that names events it runs the tests in routes/tests and exits with 1 when one fails."
          + " Needs no server and no secret. docs/testing-routes.md shows how a test is written."
    })
final class TestCommand implements Callable<Integer> {
  /** How many bytes of a body a test can check. */
  private static final int LONGEST_TESTED = 1 << 20;

  private static final int LONGEST_SHOWN = 16 << 10;
  private static final int MOST = 1_000;
  private static final String TESTS = "tests";

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;
  @Mixin private DeliveryFilter filter;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "Route files to try (*.camel.yaml, *.java), files that they share (Kamelets, and those in"
              + " a directory named shared), which are tried with the routes that use them, and files"
              + " of tests (*.yaml)."
              + " Default: every file in routes/, every test in routes/tests.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--payload",
      paramLabel = "FILE",
      description = "The payload of the event that --event names, as the console saves it.")
  private @Nullable String payload;

  @Option(names = "--samples", description = "Try the sample of every event.")
  private boolean samples;

  @Option(
      names = "--from-log",
      description = "Try deliveries of the log, newest first; --event and the others choose them.")
  private boolean fromLog;

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many deliveries of the log to try, up to 1000. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    // What is logged is no part of the answer. Set before the first class with a logger.
    System.setProperty("caravan.log.target", "SYSTEM_ERR");
    Configurator.setLevel("dev.caravan.routes", Level.OFF); // its messages are printed here
    if (most < 1 || most > MOST) {
      throw wrong("--most is %d; write 1 to %d.".formatted(most, MOST));
    }
    Settings inForce = settings.read();
    Path directory = settings.resolve(inForce.text("caravan.routes"));
    boolean isTest = !samples && !fromLog && payload == null && filter.parameters().isEmpty();
    TriedFiles named = named();
    if (isTest && named.tests().isEmpty()) {
      named = named.withTestsIn(directory.resolve(TESTS));
    }
    try (OfflineRehearsals program = OfflineRehearsals.open(inForce);
        Rehearsal rehearsal =
            new Rehearsal(
                program, directory, named.routes(), isTest ? LONGEST_TESTED : LONGEST_SHOWN)) {
      Set<String> tried = rehearsal.withUsers(named.routes().keySet());
      boolean isSound = isSound(rehearsal.files(), tried);
      List<RunningRoute> routes =
          rehearsal.routes().stream()
              .filter(route -> tried.isEmpty() || tried.contains(route.file()))
              .toList();
      if (!isSound && routes.isEmpty()) {
        return ExitCode.SOFTWARE;
      }
      if (routes.isEmpty() && named.areShared()) {
        throw new CommandFailedException(
            "No route that receives deliveries uses what %s offers."
                .formatted(String.join(", ", tried)));
      }
      int result =
          isTest && !named.tests().isEmpty()
              ? new RouteTestRun(rehearsal, routes, spec.commandLine().getOut(), json)
                  .run(named.tests())
              : show(rehearsal, routes);
      return isSound ? result : ExitCode.SOFTWARE; // the sound ones have been tried
    }
  }

  private int show(Rehearsal rehearsal, List<RunningRoute> routes)
      throws IOException, InterruptedException {
    JsonArray all = new JsonArray();
    PrintWriter out = spec.commandLine().getOut();
    Consumer<TriedDelivery> give =
        delivery -> {
          List<Rehearsed> told = new ArrayList<>();
          try {
            for (RunningRoute route : routes) {
              told.add(rehearsal.give(delivery.delivery(), route, List.of()));
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted.");
          }
          if (json) {
            all.add(RehearsedReport.json(delivery, told));
          } else {
            RehearsedReport.lines(delivery, told).forEach(out::println);
            out.flush();
          }
        };
    deliveries(give);
    if (json) {
      out.println(new JsonObject().put("deliveries", all).encodePrettily());
    }
    return ExitCode.OK;
  }

  private void deliveries(Consumer<TriedDelivery> give) throws IOException {
    Map<String, String> parameters = filter.parameters();
    if (fromLog) {
      if (payload != null || samples) {
        throw wrong("--from-log takes the deliveries of the log, and no --payload or --samples.");
      }
      try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
        TriedDelivery.ofLog(log, parameters, most, give);
      }
      return;
    }
    String event = parameters.remove("event");
    if (!parameters.isEmpty()) {
      throw wrong("Which deliveries of the log are meant is said together with --from-log.");
    }
    if (payload != null) {
      if (event == null) {
        throw wrong("--payload needs the name of its event: --event push.");
      }
      give.accept(TriedDelivery.of(event, bytes(settings.resolve(payload))));
      return;
    }
    List<String> events =
        event == null
            ? SampleEvents.names()
            : Stream.of(event.split(","))
                .map(each -> each.strip().replaceFirst("\\..*", ""))
                .toList();
    for (String each : events) {
      if (!SampleEvents.names().contains(each)) {
        throw wrong(
            "There is no sample of '%s'. Give its payload with --payload, or try one of: %s."
                .formatted(each, String.join(", ", SampleEvents.names())));
      }
      give.accept(TriedDelivery.of(each, SampleEvents.payload(each)));
    }
  }

  /** Reports what is wrong with the files; false when anything is. */
  private boolean isSound(List<RouteFile> loaded, Set<String> tried) {
    boolean isSound = true;
    for (RouteFile file : loaded) {
      if (file.problem() != null && (tried.isEmpty() || tried.contains(file.name()))) {
        isSound = false;
        spec.commandLine().getErr().println(Terminal.plain(file.name() + ": " + file.problem()));
      }
    }
    return isSound;
  }

  private TriedFiles named() throws IOException {
    try {
      return TriedFiles.named(files, settings::resolve);
    } catch (NoSuchFileException e) {
      throw wrong("There is no file %s.".formatted(e.getFile()));
    }
  }

  private byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw wrong("There is no file %s.".formatted(file));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
