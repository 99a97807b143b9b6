package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code caravan schema} gives editors. */
class SchemaCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  /** The files as they are in the npm package {@code @kaoto/camel-catalog}. */
  @Test
  void kaotosCatalogueGetsOurComponentsWithEachOptionAsAFieldOfAForm() throws IOException {
    write(
        "index.json",
        """
        {"definitions": [{"runtime": "Main", "fileName": "camel-main/4.18.4/index-1.json"},
          {"runtime": "Quarkus", "fileName": "camel-quarkus/3.33.1/index-2.json"}]}""");
    for (String index : List.of("camel-main/4.18.4/index-1", "camel-quarkus/3.33.1/index-2")) {
      write(index + ".json", "{\"catalogs\": {\"components\": {\"file\": \"components-1.json\"}}}");
      write(
          index.replaceFirst("[^/]*$", "components-1.json"),
          "{\"timer\": {\"component\": {\"name\": \"timer\"}}}");
    }

    Invocation schema = schema("--kaoto", directory.toString());

    assertThat(schema.err()).isEmpty();
    assertThat(schema.exitCode()).isZero();
    assertThat(schema.out()).contains("in 2 catalogues");
    JsonNode components =
        JSON.readTree(directory.resolve("camel-main/4.18.4/components-1.json").toFile());
    assertThat(components.fieldNames())
        .toIterable()
        .contains("timer", "github-webhook", "caravan-events");
    JsonNode ours = components.path("github-webhook");
    assertThat(ours.fieldNames())
        .toIterable()
        .contains("component", "componentProperties", "headers", "properties", "propertiesSchema");
    JsonNode form = ours.path("propertiesSchema");
    assertThat(form.path("properties").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(names(ours.path("properties")));
    assertThat(form.path("required")).hasToString("[\"events\"]");
    assertThat(form.path("properties").path("orderBy").path("enum"))
        .hasToString("[\"repository\",\"subject\",\"none\"]");
    assertThat(form.path("properties").path("coalesce").path("format").asText())
        .isEqualTo("duration");
    assertThat(form.path("properties").path("strict").path("type").asText()).isEqualTo("boolean");
  }

  @Test
  void aDirectoryThatIsNoCatalogueOfKaotosIsLeftAsItIs() throws IOException {
    Invocation schema = schema("--kaoto", directory.toString());

    assertThat(schema.exitCode()).isEqualTo(1);
    assertThat(schema.err()).contains("is not a catalogue of Kaoto's");
    assertThat(directory).isEmptyDirectory();
  }

  private static List<String> names(JsonNode node) {
    Iterable<String> names = node::fieldNames;
    return StreamSupport.stream(names.spliterator(), false).toList();
  }

  private Invocation schema(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "schema";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return Invocation.of(Map.of(), directory, arguments);
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(directory.resolve(name).getParent());
    Files.writeString(directory.resolve(name), text);
  }
}
