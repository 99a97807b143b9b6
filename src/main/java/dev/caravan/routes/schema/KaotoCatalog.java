package dev.caravan.routes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Adds {@code github-webhook:} and {@code caravan-events:} to a copy of Kaoto's catalogue, from
 * which Kaoto learns about components.
 */
public final class KaotoCatalog {
  private static final Map<String, String> COMPONENTS =
      Map.of(
          "github-webhook",
          RouteSchema.COMPONENT,
          "caravan-events",
          "/META-INF/dev/caravan/notices/caravan-events.json");

  private static final ObjectMapper JSON = new ObjectMapper();

  private KaotoCatalog() {}

  /**
   * Adds them to each catalogue in a directory that Kaoto has published.
   *
   * @param directory contains Kaoto's {@code index.json}
   * @return how many catalogues there are
   * @throws IOException when it is not a catalogue, or cannot be read or written
   */
  public static int extend(Path directory) throws IOException {
    int catalogues = 0;
    for (JsonNode runtime :
        JSON.readTree(directory.resolve("index.json").toFile()).path("definitions")) {
      Path index = directory.resolve(runtime.path("fileName").asText());
      String file =
          JSON.readTree(index.toFile()).path("catalogs").path("components").path("file").asText();
      if (!file.isEmpty()) {
        extendComponents(index.resolveSibling(file));
        catalogues++;
      }
    }
    return catalogues;
  }

  private static void extendComponents(Path file) throws IOException {
    ObjectNode components = (ObjectNode) JSON.readTree(file.toFile());
    for (Map.Entry<String, String> ours : COMPONENTS.entrySet()) {
      components.set(ours.getKey(), described(ours.getValue()));
    }
    Files.write(file, JSON.writeValueAsBytes(components));
  }

  /** Camel's description of a component, with what Kaoto builds its form from. */
  private static ObjectNode described(String resource) throws IOException {
    ObjectNode component = RouteSchema.read(resource);
    component.set("propertiesSchema", form(component.path("properties")));
    return component;
  }

  private static ObjectNode form(JsonNode described) {
    ObjectNode form = JSON.createObjectNode();
    ObjectNode properties = form.putObject("properties");
    form.put("$schema", "http://json-schema.org/draft-07/schema#").put("type", "object");
    ArrayNode required = form.putArray("required");
    for (Map.Entry<String, JsonNode> option : described.properties()) {
      properties.set(option.getKey(), field(option.getValue()));
      if (option.getValue().path("required").asBoolean()) {
        required.add(option.getKey());
      }
    }
    return form;
  }

  private static ObjectNode field(JsonNode described) {
    String type = described.path("type").asText();
    ObjectNode field = JSON.createObjectNode();
    field.set("title", described.path("displayName"));
    field.set("description", described.path("description"));
    field.put("type", type.equals("boolean") || type.equals("integer") ? type : "string");
    field.put("$comment", "group:" + described.path("group").asText());
    switch (type) {
      case "duration" -> field.put("format", "duration");
      case "object" -> field.put("format", "bean:" + described.path("javaType").asText());
      default -> {}
    }
    if (described.has("enum")) {
      field.set("enum", described.path("enum"));
    }
    if (described.has("defaultValue")) {
      field.set("default", described.path("defaultValue"));
    }
    return field;
  }
}
