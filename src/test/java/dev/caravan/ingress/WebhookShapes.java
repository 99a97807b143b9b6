package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the top level of every payload looks like that GitHub's published schema knows, by event and
 * action; src/test/contract/update writes the file.
 */
final class WebhookShapes {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The schema allows these everywhere, but only what happened in one of them has it. */
  private static final Set<String> OF_ITS_PLACE = Set.of("repository", "organization");

  private WebhookShapes() {}

  /** A payload, and the event that it is of. */
  record Shape(String event, String payload) {
    byte[] bytes() {
      return payload.getBytes(UTF_8);
    }
  }

  /** Of each the smallest payload, and the one with everything in it that may be there. */
  static List<Shape> all() {
    List<Shape> shapes = new ArrayList<>();
    try (InputStream file = WebhookShapes.class.getResourceAsStream("webhook-shapes.json")) {
      for (JsonNode shape : JSON.readTree(file)) {
        if (!shape.get("event").asText().equals("ping")) { // the schema requires nothing of it
          shapes.add(shape(shape, false));
        }
        shapes.add(shape(shape, true));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shapes;
  }

  private static Shape shape(JsonNode shape, boolean isWhole) {
    ObjectNode payload = JSON.createObjectNode();
    for (JsonNode name : shape.get("required")) {
      add(payload, name.asText(), shape, isWhole);
    }
    for (JsonNode name : shape.get("optional")) {
      if (isWhole && !OF_ITS_PLACE.contains(name.asText())) {
        add(payload, name.asText(), shape, true);
      }
    }
    String event = shape.get("event").asText();
    if (event.equals("repository")) { // Enterprise Server's schema leaves that open
      add(payload, event, shape, isWhole);
    }
    payload.putObject("sender").put("login", "ada");
    return new Shape(event, payload.toString());
  }

  private static void add(ObjectNode payload, String name, JsonNode shape, boolean isWhole) {
    JsonNode inside = shape.get("inside").get(name);
    if (name.equals("action")) {
      payload.put(name, shape.get(name).asText("any"));
    } else if (name.equals("repository")) {
      payload.putObject(name).put("full_name", "acme/rocket");
    } else if (name.equals("organization")) {
      payload.putObject(name).put("login", "acme");
    } else if (inside != null) {
      ObjectNode object = payload.putObject(name);
      inside.forEach(field -> object.putObject(field.asText()).put("login", "acme"));
    } else if (!isWhole && isNullable(shape, name)) {
      payload.putNull(name);
    } else {
      payload.putObject(name);
    }
  }

  private static boolean isNullable(JsonNode shape, String name) {
    for (JsonNode nullable : shape.get("nullable")) {
      if (nullable.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
