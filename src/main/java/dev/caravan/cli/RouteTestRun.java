package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.PayloadJson;
import dev.caravan.rehearsal.Differences;
import dev.caravan.rehearsal.Rehearsal;
import dev.caravan.rehearsal.Rehearsed;
import dev.caravan.rehearsal.RouteTest;
import dev.caravan.rehearsal.RouteTestFile;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.wording.Count;
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
import picocli.CommandLine.ExitCode;

/** Runs the tests that lie beside routes. */
final class RouteTestRun {
  private static final ObjectMapper JSON = new ObjectMapper(PayloadJson.factory());

  private final Rehearsal rehearsal;
  private final List<RunningRoute> routes;
  private final PrintWriter out;
  private final boolean json;
  private final JsonArray results = new JsonArray();
  private int failed;

  RouteTestRun(Rehearsal rehearsal, List<RunningRoute> routes, PrintWriter out, boolean json) {
    this.rehearsal = rehearsal;
    this.routes = routes;
    this.out = out;
    this.json = json;
  }

  /** Runs the tests in the files; returns the exit code. */
  int run(List<Path> files) throws IOException, InterruptedException {
    for (Path file : files) {
      for (RouteTest test : read(file)) {
        tell(file, test, differences(file, test));
      }
    }
    if (json) {
      out.println(new JsonObject().put("tests", results).encodePrettily());
    } else {
      out.println(
          failed == 0
              ? "%s, all as expected.".formatted(Count.of(results.size(), "test"))
              : "%d of %s failed.".formatted(failed, Count.of(results.size(), "test")));
    }
    return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static List<RouteTest> read(Path file) throws IOException {
    try {
      return RouteTestFile.read(new String(Files.readAllBytes(file), UTF_8));
    } catch (NoSuchFileException e) {
      throw new CommandFailedException("There is no file %s.".formatted(file));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s.".formatted(file, e.getMessage()));
    }
  }

  private List<String> differences(Path file, RouteTest test)
      throws IOException, InterruptedException {
    Delivery delivery;
    try {
      delivery = TriedDelivery.of(test.event(), payload(file, test)).delivery();
    } catch (CommandFailedException | IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
    List<Rehearsed> told = new ArrayList<>();
    List<String> wanted = test.routes();
    if (wanted != null) {
      for (String name : wanted) {
        if (routes.stream().noneMatch(route -> route.id().equals(name))) {
          return List.of("there is no route " + name);
        }
      }
    }
    for (RunningRoute route : routes) {
      if (wanted == null || wanted.contains(route.id())) {
        told.add(rehearsal.give(delivery, route, test.answers()));
      }
    }
    return Differences.between(test, told);
  }

  private static byte[] payload(Path file, RouteTest test) throws IOException {
    byte[] payload;
    if (test.payload() == null) {
      payload = SampleEvents.payload(test.event());
    } else {
      Path beside = file.resolveSibling(test.payload());
      if (!Files.isRegularFile(beside)) {
        throw new IllegalArgumentException("there is no file %s".formatted(beside));
      }
      payload = Files.readAllBytes(beside);
    }
    return test.change().isEmpty() ? payload : changed(payload, test.change());
  }

  private static byte[] changed(byte[] payload, Map<String, Object> changes) throws IOException {
    if (!(JSON.readTree(payload) instanceof ObjectNode whole)) {
      throw new IllegalArgumentException("its payload is not a JSON object");
    }
    changes.forEach(
        (path, value) -> {
          ObjectNode object = whole;
          String[] names = path.split("\\.", -1);
          for (int each = 0; each < names.length - 1; each++) {
            JsonNode inner = object.get(names[each]);
            object = inner instanceof ObjectNode found ? found : object.putObject(names[each]);
          }
          object.set(names[names.length - 1], JSON.valueToTree(value));
        });
    return JSON.writeValueAsBytes(whole);
  }

  private void tell(Path file, RouteTest test, List<String> differences) {
    results.add(
        new JsonObject()
            .put("file", String.valueOf(file.getFileName()))
            .put("test", test.name())
            .put("passed", differences.isEmpty())
            .put("differences", new JsonArray(differences)));
    failed += differences.isEmpty() ? 0 : 1;
    if (!json) {
      out.println(
          Terminal.plain(
              "%s  %s: %s"
                  .formatted(
                      differences.isEmpty() ? "ok    " : "FAILED",
                      file.getFileName(),
                      test.name())));
      differences.forEach(each -> out.println(Terminal.plain("          " + each)));
      out.flush();
    }
  }
}
