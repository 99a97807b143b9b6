package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every sample to the schema GitHub publishes; src/test/contract/update fetches it. */
class SampleEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectNode PUBLISHED = published();

  @ParameterizedTest
  @MethodSource("names")
  void everySampleIsValidAgainstGitHubsSchema(String event) throws IOException {
    assertThat(faults(event, JSON.readTree(SampleEvents.payload(event)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSampleWithoutItsRepositoryOrWithANullSenderIsInvalid(String event) throws IOException {
    ObjectNode sample = (ObjectNode) JSON.readTree(SampleEvents.payload(event));
    ((ObjectNode) sample.get("repository")).remove("full_name");
    sample.set("sender", NullNode.getInstance());

    assertThat(faults(event, sample))
        .extracting(ValidationMessage::getMessage)
        .anyMatch(message -> message.contains("'full_name'"))
        .anyMatch(message -> message.startsWith("/sender: null found"));
  }

  @Test
  void anUnreadableTimeIsInvalid() throws IOException {
    ObjectNode sample = (ObjectNode) JSON.readTree(SampleEvents.payload("issues"));
    ((ObjectNode) sample.get("issue")).put("created_at", "yesterday");

    assertThat(faults("issues", sample))
        .extracting(ValidationMessage::getMessage)
        .singleElement()
        .asString()
        .contains("created_at", "date-time");
  }

  @Test
  void theListNamesEverySampleFile() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/caravan/samples"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
          .containsExactlyInAnyOrderElementsOf(SampleEvents.names());
    }
  }

  @Test
  void aSampleIsSentAsCompactAndAsLargeAsGitHubSendsIt() {
    assertThat(new String(SampleEvents.payload("push"), StandardCharsets.UTF_8))
        .startsWith("{\"ref\":\"refs/heads/main\",")
        .doesNotContain("\n")
        .contains("🚀")
        .hasSizeBetween(7_000, 9_000);
  }

  static List<String> names() {
    return SampleEvents.names();
  }

  private static Set<ValidationMessage> faults(String event, JsonNode payload) {
    ObjectNode definition = PUBLISHED.deepCopy();
    definition.set("$ref", PUBLISHED.at("/webhooks/" + event));
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(definition, config);
    return schema.validate(payload);
  }

  private static ObjectNode published() {
    try (InputStream file =
        SampleEventsTest.class.getResourceAsStream("/dev/caravan/samples/github-webhooks.json")) {
      return (ObjectNode) JSON.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
