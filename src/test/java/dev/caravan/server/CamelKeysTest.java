package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import dev.caravan.server.camel.CamelKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

class CamelKeysTest {
  @Test
  void everyKeyThatCamelDocumentsIsUsedOrRefusedByName() throws IOException {
    List<String> keys = documented();
    Map<String, String> settings = keys.stream().collect(Collectors.toMap(key -> key, key -> "1"));

    Map<String, String> refused =
        CamelKeys.problems(new SettingSources(Map.of()).read(null, settings));

    assertThat(keys).hasSizeGreaterThan(400);
    assertThat(refused.values())
        .allSatisfy(
            problem ->
                assertThat(problem).containsAnyOf(" has no effect in ", " names the class "));
    assertThat(refused.keySet())
        .containsAll(
            keys.stream()
                .filter(key -> key.matches("camel[.](server|management|health|metrics|debug)[.].*"))
                .filter(key -> !key.matches("camel[.](server|management)[.](host|port)"))
                .toList())
        .doesNotContain("camel.server.port", "camel.management.host", "camel.main.tracing")
        .noneMatch(key -> key.matches("camel[.](ssl|vault|threadpool|resilience4j)[.].*"));
  }

  @Test
  void aClassThatIsMissingIsNamed() {
    Map<String, String> settings =
        Map.of(
            "camel.main.configurationClasses", "java.lang.Object, com.acme.Options",
            "camel.main.main-listener-classes", "com.acme.Listener");

    assertThat(CamelKeys.problems(new SettingSources(Map.of()).read(null, settings)).values())
        .satisfiesExactly(
            problem ->
                assertThat(problem)
                    .startsWith("camel.main.configurationClasses names the class com.acme.Options"),
            problem ->
                assertThat(problem)
                    .startsWith(
                        "camel.main.main-listener-classes names the class com.acme.Listener"));
  }

  private static List<String> documented() throws IOException {
    try (InputStream file =
        Main.class.getResourceAsStream("/META-INF/camel-main-configuration-metadata.json")) {
      return new JsonObject(Buffer.buffer(file.readAllBytes()))
          .getJsonArray("properties").stream()
              .map(property -> ((JsonObject) property).getString("name"))
              .toList();
    }
  }
}
