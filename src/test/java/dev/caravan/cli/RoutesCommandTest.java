package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.server.CaravanServer;
import dev.caravan.testing.ProgramSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code routes}, against a real server. */
class RoutesCommandTest {
  private static final String GOOD =
      """
      - route:
          id: ci
          from:
            uri: github-webhook:push
            parameters: { maxAttempts: 1 }
            steps:
              - throwException:
                  exceptionType: java.lang.IllegalStateException
                  message: "no such branch"
      - route:
          id: other
          from:
            uri: direct:other
            steps:
              - log: "hello"
      """;

  @TempDir Path directory;
  private CaravanServer server;

  @BeforeEach
  void start() throws IOException {
    write(GOOD);
    server = CaravanServer.start(() -> new SettingSources(Map.of()).read(null, settings()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void eachRouteIsListedWithWhereItIsFromAndHowItIsDoing() {
    caravan("send", "push", "--port", Integer.toString(server.port()));

    await()
        .untilAsserted(
            () -> {
              List<String> lines = caravan("routes").out().lines().toList();
              assertThat(lines).hasSize(3);
              assertThat(lines.get(0)).startsWith("ROUTE").endsWith("LAST ERROR");
              assertThat(lines.get(1))
                  .matches(
                      "ci +a.camel.yaml +github-webhook:push +started +ci +0 +0 +1 +\\S+Z IllegalStateException: no such branch");
              assertThat(lines.get(2))
                  .matches("other +a.camel.yaml +direct://other +started +- +- +- +- +-");
            });
  }

  @Test
  void whatWaitsForARetryIsDueAndNoLag() throws IOException {
    write(
        GOOD.replace("id: ci", "id: patient")
            .replace("maxAttempts: 1", "retryDelay: 1h, retryMaxDelay: 1h"));
    await().until(() -> caravan("routes").out().contains("patient"));
    caravan("send", "push", "--port", Integer.toString(server.port()));

    await()
        .untilAsserted(
            () ->
                assertThat(caravan("routes").out())
                    .containsPattern("\npatient .* started +patient +0 +1 +0 "));
    assertThat(caravan("subscriptions", "--help").out()).contains("LAG ", "DUE ");
  }

  @Test
  void sharedDefinitionsAreListedWithTheirUsers() throws IOException {
    Path shared = directory.resolve("routes/shared/errors.camel.yaml");
    Files.createDirectories(shared.getParent());
    Files.writeString(
        shared, "- routeConfiguration: { id: gentle }\n- routeConfiguration: { id: stern }\n");
    write(GOOD.replace("id: other", "id: other\n    routeConfigurationId: gentle"));

    await()
        .untilAsserted(
            () ->
                assertThat(caravan("routes").out())
                    .contains("shared/errors.camel.yaml offers gentle, used by a.camel.yaml")
                    .contains("shared/errors.camel.yaml offers stern, used by nobody"));

    Files.delete(shared);
    await()
        .untilAsserted(
            () ->
                assertThat(caravan("routes").out())
                    .contains("shared/errors.camel.yaml is broken since")
                    .contains("a.camel.yaml uses gentle")
                    .contains("What it offered before is in use."));
  }

  @Test
  void aBrokenFileIsListedWithItsProblemAndWhatStillRuns() throws IOException {
    write(GOOD.replace("log: \"hello\"", "to: nosuch:x"));

    await()
        .untilAsserted(
            () ->
                assertThat(caravan("routes").out())
                    .contains("\nother ")
                    .containsPattern(
                        "\na.camel.yaml:15 is broken since \\S+Z: No endpoint could be found for: nosuch://x.*"
                            + " Its last good version runs: ci, other\\."));
  }

  @Test
  void theJsonIsTheServersAnswer() {
    JsonObject answer = new JsonObject(caravan("routes", "--json").out());

    assertThat(answer.getJsonArray("routes")).hasSize(2);
    assertThat(answer.getJsonArray("files")).hasSize(1);
  }

  private void write(String routes) throws IOException {
    Files.createDirectories(directory.resolve("routes"));
    Files.writeString(directory.resolve("routes/a.camel.yaml"), routes);
  }

  private Map<String, String> settings() {
    return ProgramSettings.in(directory);
  }

  private Invocation caravan(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--management-port", Integer.toString(URI.create(server.managementUrl()).getPort())));
    return Invocation.of(Map.of(), directory, all.toArray(String[]::new));
  }
}
