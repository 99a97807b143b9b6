package dev.caravan.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /api/openapi.json} says, against what is served. */
class OpenApiTest {
  @Test
  void everyPathIsDescribedAndNoOther(@TempDir Path data) throws IOException {
    Set<String> served;
    try (RunningManagement management = new RunningManagement(data, Duration.ofSeconds(10))) {
      served =
          management.paths().stream()
              .filter(path -> path.contains(" /api"))
              .map(path -> path.replaceAll(":(\\w+)", "{$1}"))
              .collect(Collectors.toSet());
    }
    JsonObject paths = new JsonObject(OpenApi.text()).getJsonObject("paths");
    Set<String> described =
        paths.stream()
            .flatMap(
                path ->
                    ((JsonObject) path.getValue())
                        .fieldNames().stream()
                            .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
            .collect(Collectors.toSet());

    assertThat(described).isEqualTo(served).contains("GET /api/deliveries/{guid}");
  }

  @Test
  void everyParameterOfAFilterIsDescribed() throws IOException {
    for (Map.Entry<String, Set<String>> path :
        Map.of(
                "/api/deliveries", Set.of("most"),
                "/api/delivery-count", Set.<String>of())
            .entrySet()) {
      Set<String> described =
          new JsonObject(OpenApi.text())
                  .getJsonObject("paths")
                  .getJsonObject(path.getKey())
                  .getJsonObject("get")
                  .getJsonArray("parameters")
                  .stream()
                  .map(parameter -> ((JsonObject) parameter).getString("name"))
                  .filter(name -> !path.getValue().contains(name))
                  .collect(Collectors.toSet());
      assertThat(described).as(path.getKey()).isEqualTo(QueryParameters.NAMES);
    }
  }
}
