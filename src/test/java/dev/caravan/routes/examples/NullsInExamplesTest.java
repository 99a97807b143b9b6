package dev.caravan.routes.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog.Told;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.webhook.Deliveries;
import dev.caravan.webhook.RunningRoutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/**
 * No payload makes a route file fail that comes with Caravan: not the samples, and not one of them
 * in which a member is null or missing. {@code -Dcaravan.payloads=DIRECTORY} adds payloads of your
 * own, in files named after their events: {@code push.json}, {@code push.2.json}.
 */
class NullsInExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The same for every route file. */
  private static final Map<Path, List<Delivery>> WITHOUT_A_MEMBER = new HashMap<>();

  /** Answers those who look whether their destination is there when a route starts. */
  private static HttpPeer peer;

  /** What log-events prints would be some hundred thousand lines. */
  @BeforeAll
  static void printNothing() throws IOException {
    peer = new HttpPeer();
    printed(false);
  }

  @AfterAll
  static void printAgain() {
    peer.close();
    WITHOUT_A_MEMBER.clear();
    printed(true);
  }

  private static void printed(boolean is) {
    ((Logger) LogManager.getLogger("log-events")).setAdditive(is);
  }

  /** Of those that are given deliveries. */
  static Stream<Path> everyRouteFile() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        if (file.toString().matches(".*\\.(camel\\.yaml|java)")
            && Files.readString(file).contains("github-webhook:")) {
          found.add(file);
        }
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("everyRouteFile")
  void noRouteFailsOverASampleInWhichSomethingIsNullOrMissing(Path file) throws Exception {
    List<Path> payloads = new ArrayList<>(payloads("src/main/resources/dev/caravan/samples"));
    String more = System.getProperty("caravan.payloads");
    if (more != null) {
      payloads.addAll(payloads(more));
    }
    try (RunningRoutes routes = running(file)) {
      for (Path payload : payloads) {
        String event = payload.getFileName().toString().split("\\.", 2)[0];
        ObjectNode sample = (ObjectNode) JSON.readTree(payload.toFile());
        if (!isWanted(routes, Deliveries.json(event, sample.toString()))) {
          continue; // nor is any variant of it
        }
        List<Delivery> deliveries =
            Stream.concat(
                    WITHOUT_A_MEMBER
                        .computeIfAbsent(payload, any -> deliveries(event, variants(sample)))
                        .stream(),
                    deliveries(event, variants(sample, Files.readString(file))).stream())
                .toList();
        deliverAll(routes, deliveries);
        assertThat(routes.log().told()).as("%s over %s", file, payload).allMatch(Told::success);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void theDeployerHearsNothingOfABranchThatWasDeleted(boolean isDeleted) throws Exception {
    try (RunningRoutes routes = running(Path.of("routes/examples/deploy.camel.yaml"))) {
      ObjectNode push =
          (ObjectNode)
              JSON.readTree(Path.of("src/main/resources/dev/caravan/samples/push.json").toFile());
      push.put("ref", "refs/heads/main").put("deleted", isDeleted);
      if (isDeleted) {
        push.putNull("head_commit").putArray("commits");
      }
      deliverAll(routes, List.of(Deliveries.json("push", push.toString())));

      assertThat(
              routes.context().getEndpoints().stream()
                  .filter(MockEndpoint.class::isInstance)
                  .mapToInt(mock -> ((MockEndpoint) mock).getReceivedCounter())
                  .sum())
          .isEqualTo(isDeleted ? 0 : 1);
    }
  }

  private static void deliverAll(RunningRoutes routes, List<Delivery> deliveries) {
    int before = routes.log().told().size();
    deliveries.forEach(delivery -> routes.log().append(delivery).join());
    long wanted = deliveries.stream().filter(delivery -> isWanted(routes, delivery)).count();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> routes.log().told().size() == before + wanted);
  }

  private static boolean isWanted(RunningRoutes routes, Delivery delivery) {
    EventFilter filter =
        routes.log().settings(routes.context().getRoutes().get(0).getId()).filter();
    Delivery.Subject subject = delivery.subject();
    return filter.wants(delivery.event(), subject.action(), subject.repository());
  }

  /** The route of the file, with nobody at the other end. */
  private static RunningRoutes running(Path file) throws Exception {
    RunningRoutes routes = new RunningRoutes();
    routes.context().getRegistry().bind("gitHubAuthorization", new Authorization());
    routes.context().getRegistry().bind("database", new SQLiteDataSource());
    routes
        .context()
        .getPropertiesComponent()
        .addInitialProperty("caravan.github.api", "http://localhost:1");
    Map.of("bucket", "b", "key", "k", "secret", "s", "endpoint", peer.root())
        .forEach(
            (name, value) ->
                routes
                    .context()
                    .getPropertiesComponent()
                    .addInitialProperty("archive." + name, value));
    routes.context().getPropertiesComponent().addInitialProperty("archive.region", "eu-central-1");
    routes
        .context()
        .getCamelContextExtension()
        .registerEndpointCallback(
            new InterceptSendToMockEndpointStrategy(
                "(http|https|kafka|smtp|file|sql|aws2-s3):.*", true));
    PluginHelper.getRoutesLoader(routes.context())
        .loadRoutes(
            PluginHelper.getResourceLoader(routes.context()).resolveResource("file:" + file));
    return routes.start();
  }

  /** Like the program's own, asks for a repository. */
  public static final class Authorization {
    public String of(String repository) {
      return "Bearer " + repository.substring(repository.indexOf('/') + 1);
    }
  }

  private static List<Path> payloads(String directory) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static List<Delivery> deliveries(String event, List<String> payloads) {
    return payloads.stream().map(payload -> Deliveries.json(event, payload)).toList();
  }

  /** As it is, and with each member once null and once missing. */
  private static List<String> variants(ObjectNode payload) {
    List<String> variants = new ArrayList<>(List.of(payload.toString()));
    addVariants(payload, payload, name -> true, variants);
    return variants;
  }

  /**
   * With members of its objects, when the route file has their names in it: a hundredth of them.
   */
  private static List<String> variants(ObjectNode payload, String routeFile) {
    List<String> variants = new ArrayList<>();
    for (JsonNode member : payload) {
      if (member instanceof ObjectNode object) {
        addVariants(payload, object, routeFile::contains, variants);
      }
    }
    return variants;
  }

  private static void addVariants(
      ObjectNode payload, ObjectNode object, Predicate<String> chosen, List<String> variants) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (chosen.test(name)) {
        JsonNode value = object.get(name);
        object.putNull(name);
        variants.add(payload.toString());
        object.remove(name);
        variants.add(payload.toString());
        object.set(name, value);
      }
    }
  }
}
