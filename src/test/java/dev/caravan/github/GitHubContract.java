package dev.caravan.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * GitHub's published description of its REST API, as far as it is used;
 * src/test/contract/update-api fetches it. Judges requests and answers alike.
 */
final class GitHubContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectNode PUBLISHED = published();

  /** What any call may be answered, though the description does not repeat it for each. */
  private static final Set<Integer> ANYWHERE = Set.of(301, 307, 401, 403, 404, 429, 500, 502, 503);

  private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  /** A call of the description. */
  record Described(String template, String method, JsonNode call) {}

  private GitHubContract() {}

  /** The call that a request is, or null when GitHub has none such. */
  static Described find(String method, String path) {
    for (Map.Entry<String, JsonNode> each : PUBLISHED.get("paths").properties()) {
      String pattern = Pattern.quote(each.getKey()).replaceAll("\\{[^}]+}", "\\\\E[^/]+\\\\Q");
      JsonNode call = each.getValue().get(method.toLowerCase(java.util.Locale.ROOT));
      if (call != null && path.matches(pattern)) {
        return new Described(each.getKey(), method, call);
      }
    }
    return null;
  }

  /** What is wrong with a request. */
  static List<String> faults(Described described, Map<String, String> query, JsonNode body) {
    List<String> faults = new ArrayList<>();
    query.forEach(
        (name, value) -> {
          JsonNode parameter = parameter(described, name);
          if (parameter == null) {
            faults.add("no parameter " + name);
          } else {
            String type = parameter.at("/schema/type").asText();
            if (type.equals("integer") && !value.matches("\\d+")) {
              faults.add("parameter " + name + " is no number: " + value);
            }
          }
        });
    JsonNode request = described.call().get("request");
    if (body.isMissingNode()) {
      return faults; // no call of ours has a body that must be there
    }
    if (request.isNull()) {
      faults.add("a body where none belongs");
    } else {
      faults.addAll(against(request, body, described + " request"));
      body.fieldNames()
          .forEachRemaining(
              name -> {
                if (!request.toString().contains("\"" + name + "\"")) {
                  faults.add("unknown field " + name);
                }
              });
    }
    return faults;
  }

  /** What is wrong with an answer. */
  static List<String> faults(Described described, int status, JsonNode body) {
    JsonNode response = described.call().get("responses").get(String.valueOf(status));
    if (response == null) {
      return ANYWHERE.contains(status) ? List.of() : List.of("no answer " + status);
    }
    if (response.isNull()) {
      return body.isMissingNode() ? List.of() : List.of("a body in an answer without one");
    }
    return against(response, body, described.template() + described.method() + status);
  }

  private static JsonNode parameter(Described described, String name) {
    for (JsonNode parameter : described.call().get("parameters")) {
      if (parameter.get("in").asText().equals("query")
          && parameter.get("name").asText().equals(name)) {
        return parameter;
      }
    }
    return null;
  }

  private static List<String> against(JsonNode schema, JsonNode value, String key) {
    JsonSchema compiled =
        SCHEMAS.computeIfAbsent(
            key,
            absent -> {
              ObjectNode definition = JSON.createObjectNode();
              definition.set("components", PUBLISHED.get("components"));
              definition.putArray("allOf").add(schema);
              return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                  .getSchema(
                      definition,
                      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
            });
    return compiled.validate(value).stream().map(Object::toString).toList();
  }

  private static ObjectNode published() {
    try (InputStream file =
        GitHubContract.class.getResourceAsStream("/dev/caravan/github/github-api.json")) {
      return (ObjectNode) JSON.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
