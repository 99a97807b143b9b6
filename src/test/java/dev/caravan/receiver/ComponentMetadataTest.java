package dev.caravan.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What tools are told of the component's options is what they do. */
class ComponentMetadataTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path METADATA =
      Path.of("src/generated/resources/META-INF/dev/caravan/webhook/github-webhook.json");
  private static final String PREFIX = "camel.component.github-webhook.";
  private static final Set<String> EVERY_COMPONENT =
      Set.of("bridge-error-handler", "autowired-enabled", "delivery-log");

  @Test
  void theDefaultsInCamelsMetadataAreThoseInForce() throws IOException {
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
  void springsMetadataSaysTheSame() throws IOException {
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

  /** Every address of the routes that come with the program, with Camel's catalogue beside ours. */
  @Test
  void theCatalogueFindsNothingWrongWithTheRoutesThatAreShipped() throws IOException {
    CamelCatalog catalogue = new DefaultCamelCatalog();
    catalogue.addComponent(
        "github-webhook", "dev.caravan.webhook.GitHubWebhookComponent", Files.readString(METADATA));
    List<String> addresses = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".camel.yaml")).toList()) {
        Object routes =
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        addresses(JSON.valueToTree(routes), addresses);
      }
    }
    assertThat(addresses).hasSizeGreaterThan(25);

    for (String each : addresses) { // with the defaults of settings
      String address = each.replaceAll("\\{\\{[\\w.-]+:([^}]*)}}", "$1");
      EndpointValidationResult result = catalogue.validateEndpointProperties(address);
      assertThat(result.isSuccess()).as(result.summaryErrorMessage(false)).isTrue();
    }
    assertThat(catalogue.validateEndpointProperties("log:x?nosuch=a").isSuccess()).isFalse();
  }

  /** Each uri with its parameters, as Camel puts them together. */
  private static void addresses(JsonNode node, List<String> found) {
    if (node.path("uri").isTextual()) {
      List<String> options = new ArrayList<>();
      node.path("parameters")
          .properties()
          .forEach(each -> options.add(each.getKey() + "=" + each.getValue().asText()));
      String uri = node.path("uri").asText();
      // without a setting in its place, and what a delivery decides
      if (!uri.startsWith("{{") && !uri.contains("${")) {
        found.add(
            options.isEmpty()
                ? uri
                : uri + (uri.contains("?") ? "&" : "?") + String.join("&", options));
      }
    }
    if (node.path("to").isTextual()
        && !node.path("to").asText().matches("(?s)\\{\\{.*|.*\\$\\{.*")) {
      found.add(node.path("to").asText());
    }
    node.forEach(each -> addresses(each, found));
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
