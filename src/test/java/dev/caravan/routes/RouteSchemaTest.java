package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.caravan.routes.schema.RouteSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Editors complete and check route files by a JSON schema that fits what Caravan takes. */
class RouteSchemaTest {
  private static final Path FILE = Path.of("routes", RouteSchema.FILE);
  private static final String LINE = "# yaml-language-server: $schema=caravan.schema.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(RouteSchema.json());

  /**
   * After a change of Camel or of an option: {@code ./mvnw test -Dtest=RouteSchemaTest -Dupdate}.
   */
  @Test
  void theFileBesideTheRoutesIsUpToDate() throws IOException {
    if (System.getProperty("update") != null) {
      Files.writeString(FILE, RouteSchema.json());
    }
    assertThat(Files.readString(FILE).equals(RouteSchema.json()))
        .as(FILE + " is what ./mvnw test -Dtest=RouteSchemaTest -Dupdate writes")
        .isTrue();
  }

  @Test
  void everyRouteShippedFitsItAndNamesItInItsFirstLine() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      List<Path> routes = files.filter(file -> file.toString().endsWith(".camel.yaml")).toList();
      assertThat(routes).isNotEmpty();
      for (Path file : routes) {
        String text = Files.readString(file);
        assertThat(text).as(file.toString()).startsWith(LINE + "\n");
        assertThat(faults(text)).as(file.toString()).isEmpty();
      }
    }
    // copied from one directory to the other, the line still holds
    assertThat(JSON.readTree(Path.of("routes/examples", RouteSchema.FILE).toFile()).path("$ref"))
        .isEqualTo(JSON.getNodeFactory().textNode("../" + RouteSchema.FILE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "github-webhook:push        | branch: main                 | true",
        "github-webhook:push        | branhc: main                 | false",
        "github-webhook:*           | orderBy: subject             | true",
        "github-webhook:*           | orderBy: sender              | false",
        "github-webhook:*           | orderBy: '{{order}}'         | true",
        "github-webhook:new_event   | concurrency: 4               | true",
        "github-webhook:push        | concurrency: many            | false",
        "github-webhook:push        | retryDelay: 5s               | true",
        "github-webhook:push        | retryDelay: soon             | false",
        "github-webhook:push        | noRetryOn: 404               | true",
        "timer:tick                 | anything: goes               | true",
      })
  void optionsAreThoseOfTheComponent(String uri, String option, boolean isRight) {
    String route =
        """
        - route:
            id: a
            from:
              uri: "%s"
              parameters:
                %s
              steps:
                - log: a
        """
            .formatted(uri, option);

    assertThat(faults(route).isEmpty()).as(route).isEqualTo(isRight);
  }

  @Test
  void theEventsThatGitHubHasAreOffered() throws IOException {
    assertThat(JSON.readTree(RouteSchema.json()).findValuesAsText("title"))
        .contains("Routes of Caravan");
    assertThat(RouteSchema.json()).contains("\"github-webhook:push\"", "\"github-webhook:*\"");
  }

  private static Set<ValidationMessage> faults(String yaml) {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    JsonNode route = JSON.valueToTree(read);
    return SCHEMA.validate(route);
  }
}
