package dev.caravan.routes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.KnownEvents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/**
 * The JSON schema of route files, with which editors complete and check them: Camel's own for its
 * YAML, plus the events and options of {@code github-webhook:}.
 */
public final class RouteSchema {
  /** The name of its file, beside the route files. */
  public static final String FILE = "caravan.schema.json";

  private static final String CAMEL = "/schema/camelYamlDsl.json";

  /** Camel's description of {@code github-webhook:}. */
  static final String COMPONENT = "/META-INF/dev/caravan/webhook/github-webhook.json";

  private static final String FROM = "org.apache.camel.model.FromDefinition";
  private static final String OPTIONS = "dev.caravan.webhook.Options";
  private static final String PLACEHOLDER = "^\\{\\{.*\\}\\}$";

  private static final ObjectMapper JSON = new ObjectMapper();

  private RouteSchema() {}

  /** The schema as JSON, in one line. */
  public static String json() {
    try {
      ObjectNode schema = read(CAMEL);
      // This version introduced if and then; everything else that Camel's schema uses means the
      // same in both.
      schema.put("$schema", "http://json-schema.org/draft-07/schema#");
      schema.put("title", "Routes of Caravan");
      ObjectNode definitions = (ObjectNode) schema.path("items").path("definitions");
      definitions.set(OPTIONS, options(read(COMPONENT).path("properties")));
      extend((ObjectNode) definitions.path(FROM));
      return JSON.writeValueAsString(schema) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Extends {@code from} by what it may be when it reads deliveries. */
  private static void extend(ObjectNode from) {
    ObjectNode uri = (ObjectNode) from.path("properties").path("uri");
    ArrayNode known = JSON.createArrayNode().add("github-webhook:*");
    KnownEvents.names().forEach(event -> known.add("github-webhook:" + event));
    known.add("caravan-events:*");
    uri.removeAll();
    ArrayNode alternatives = uri.putArray("anyOf");
    alternatives.addObject().set("enum", known); // for completion
    alternatives.addObject().put("type", "string");
    uri.put(
        "description",
        "github-webhook:EVENTS for deliveries: an asterisk, or names with commas between, each an event or event.action.");
    ObjectNode isOurs = from.putObject("if");
    isOurs
        .putObject("properties")
        .putObject("uri")
        .put("type", "string")
        .put("pattern", "^github-webhook:");
    isOurs.putArray("required").add("uri");
    from.putObject("then")
        .putObject("properties")
        .putObject("parameters")
        .put("$ref", "#/items/definitions/" + OPTIONS);
  }

  private static ObjectNode options(JsonNode described) {
    ObjectNode options = JSON.createObjectNode();
    options.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = options.putObject("properties");
    for (Map.Entry<String, JsonNode> option : described.properties()) {
      if (option.getValue().path("kind").asText().equals("parameter")) {
        properties.set(option.getKey(), option(option.getValue()));
      }
    }
    return options;
  }

  private static ObjectNode option(JsonNode described) {
    ObjectNode option = JSON.createObjectNode();
    option.put("title", described.path("displayName").asText());
    option.put("description", described.path("description").asText());
    if (described.has("defaultValue")) {
      option.set("default", described.path("defaultValue"));
    }
    ArrayNode alternatives = option.putArray("anyOf");
    if (described.has("enum")) {
      alternatives.addObject().set("enum", described.path("enum"));
    } else {
      switch (described.path("type").asText()) {
        case "boolean" -> alternatives.addObject().put("type", "boolean");
        case "integer" -> alternatives.addObject().put("type", "integer");
        case "duration" -> {
          alternatives.addObject().put("type", "integer").put("description", "milliseconds");
          alternatives
              .addObject()
              .put("type", "string")
              .put("pattern", "^(\\d+(ms|[smhd])?)+$|^[Pp].+$");
        }
        default -> {
          alternatives.addObject().put("type", "string");
          alternatives.addObject().put("type", "integer"); // noRetryOn: 404
        }
      }
    }
    alternatives.addObject().put("type", "string").put("pattern", PLACEHOLDER);
    return option;
  }

  /** Reads a resource of the class path. */
  static ObjectNode read(String resource) throws IOException {
    try (InputStream json =
        Objects.requireNonNull(RouteSchema.class.getResourceAsStream(resource), resource)) {
      return (ObjectNode) JSON.readTree(json);
    }
  }
}
