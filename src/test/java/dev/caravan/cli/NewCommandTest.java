package dev.caravan.cli;

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
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code caravan new} writes route files to start from. */
class NewCommandTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(RouteSchema.json());

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy --event push --branch main --to http://localhost:8080/deploy",
        "all",
        "some --event push,pull_request.opened --repository acme/*,!acme/noisy --to log:x?level=WARN",
        "forward --raw --to {{forward.url:http://localhost:8080/}}",
        "docs --event push --paths docs/,**/*.md --to direct:docs",
      })
  void whatItWritesPassesTheCheck(String arguments) throws IOException {
    Invocation made = run("new " + arguments);

    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    String name = arguments.replaceFirst(" .*", "");
    assertThat(made.out().strip())
        .isEqualTo(directory.resolve("routes/" + name + ".camel.yaml").toString());
    assertThat(run("check").out()).contains("so are 1 route in 1 file");
    assertThat(text(name))
        .startsWith("# yaml-language-server: $schema=caravan.schema.json")
        .contains("id: " + name);
    assertThat(directory.resolve("routes/caravan.schema.json")).hasContent(RouteSchema.json());
    assertThat(faults(text(name))).isEmpty();
    assertThat(faults(text(name).replace("uri:", "urj:"))).isNotEmpty();
  }

  /** What an editor underlines, by the schema that is named in the first line. */
  private static Set<ValidationMessage> faults(String yaml) {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return SCHEMA.validate(new ObjectMapper().<JsonNode>valueToTree(read));
  }

  @Test
  void theFileHasTheOptionsGivenAndTheOthersAsComments() throws IOException {
    run("new deploy --event push --branch main --to http://localhost:8080/deploy");

    assertThat(text("deploy"))
        .contains(
            "# Sends push to http://localhost:8080/deploy.",
            "uri: github-webhook:push\n      parameters:\n        branch: main\n",
            "        # concurrency: 8 # deliveries at once",
            "        - to: http://localhost:8080/deploy\n");
  }

  @Test
  void anExistingFileStaysAsItIs() throws IOException {
    run("new deploy --event push");
    String before = text("deploy");

    Invocation again = run("new deploy --event issues");

    assertThat(again.err()).contains("deploy.camel.yaml already exists");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(text("deploy")).isEqualTo(before);
    try (Stream<Path> files = Files.list(directory.resolve("routes"))) {
      assertThat(files).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "new ../evil",
        "new deploy --event issues --branch main",
        "new deploy --to nosuch:x",
        "new deploy --to jms:orders",
      })
  void whatCannotWorkIsRefusedAndNotWritten(String arguments) {
    Invocation refused = run(arguments);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).isNotBlank();
    assertThat(directory.resolve("routes")).doesNotExist();
  }

  private String text(String name) throws IOException {
    return Files.readString(directory.resolve("routes/" + name + ".camel.yaml"));
  }

  private Invocation run(String arguments) {
    return Invocation.of(Map.of(), directory, arguments.split(" ", -1));
  }
}
