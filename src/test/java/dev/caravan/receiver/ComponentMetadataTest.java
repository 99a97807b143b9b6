package dev.caravan.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;

/** What tools are told of the component's options is what they do. */
class ComponentMetadataTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path METADATA =
      Path.of("src/generated/resources/META-INF/dev/caravan/webhook/github-webhook.json");
  private static final String PREFIX = "camel.component.github-webhook.";
  private static final Set<String> EVERY_COMPONENT =
      Set.of("bridge-error-handler", "autowired-enabled", "delivery-log");

  @Test
  void theDefaultsThatCamelIsToldAreThoseThatCount() throws IOException {
    ComponentSettings settings = new ComponentSettings(new DefaultCamelContext(), Map.of());
    options()
        .forEach(
            (name, option) -> {
              String key = ComponentSettings.KEYS.get(name);
              if (key != null) {
                assertThat(settings.settings().text(key))
                    .as(name)
                    .isEqualTo(option.path("defaultValue").asText());
              }
            });
  }

  @Test
  void springsEditorsAreToldTheSame() throws IOException {
    JsonNode spring =
        JSON.readTree(
            Path.of("src/component/resources/META-INF/spring-configuration-metadata.json")
                .toFile());
    Map<String, JsonNode> told = new TreeMap<>();
    spring
        .path("properties")
        .forEach(each -> told.put(each.path("name").asText().replace(PREFIX, ""), each));

    assertThat(told.keySet()).isEqualTo(options().keySet());
    options()
        .forEach(
            (name, option) -> {
              JsonNode same = told.get(name);
              assertThat(same.path("description").asText())
                  .isEqualTo(option.path("description").asText());
              assertThat(same.path("defaultValue").asText())
                  .as(name)
                  .isEqualTo(option.path("defaultValue").asText());
            });
  }

  /** As Kaoto and the Camel command line ask it. */
  @Test
  void theCamelCatalogueShowsTheComponentOnceItIsAdded() throws IOException {
    CamelCatalog catalogue = new DefaultCamelCatalog();
    catalogue.addComponent(
        "github-webhook", "dev.caravan.webhook.GitHubWebhookComponent", Files.readString(METADATA));

    assertThat(catalogue.componentModel("github-webhook").getComponentOptions())
        .extracting(option -> option.getName())
        .contains("secret", "dataDirectory", "server");
    assertThat(catalogue.validateEndpointProperties("github-webhook:push?branch=main").isSuccess())
        .isTrue();
    assertThat(catalogue.validateEndpointProperties("github-webhook:push?brunch=main").getUnknown())
        .containsExactly("brunch");
  }

  private static Map<String, JsonNode> options() throws IOException {
    JsonNode component = JSON.readTree(METADATA.toFile());
    Map<String, JsonNode> options = new TreeMap<>();
    component
        .path("componentProperties")
        .properties()
        .forEach(each -> options.put(StringHelper.camelCaseToDash(each.getKey()), each.getValue()));
    options.keySet().removeAll(EVERY_COMPONENT);
    return options;
  }
}
