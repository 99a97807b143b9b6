package dev.caravan.cli;

import dev.caravan.routes.schema.RouteSchema;
import io.vertx.core.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of a route file to start from, with comments on what else it may contain.
 *
 * @param parameters those of its from, by name
 */
record NewRoute(String id, String events, Map<String, String> parameters, String to) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9_./:,@+=&?-]*");
  private static final Pattern HTTP = Pattern.compile("https?:.*");

  NewRoute {
    parameters = new LinkedHashMap<>(parameters);
  }

  String yaml() {
    return head() + from() + steps();
  }

  private String head() {
    return """
        # yaml-language-server: $schema=%s
        # Sends %s to %s.
        #
        # Saving this file is enough, also while Caravan runs. `caravan check` says what is wrong with it, `caravan send %s`
        # tries it with a sample event, and `caravan deliveries` shows what became of it.
        - route:
            id: %s # also its name in the delivery log, and so its place there: it stays when the route changes
        """
        .formatted(
            RouteSchema.FILE,
            events.equals("*") ? "every event" : events,
            to.replaceFirst("\\?.*", ""),
            events.equals("*") ? "push" : events.replaceFirst("[.,].*", ""),
            id);
  }

  private String from() {
    StringBuilder text = new StringBuilder("    from:\n      uri: ");
    text.append(scalar("github-webhook:" + events)).append('\n');
    text.append(parameters.isEmpty() ? "      # parameters:\n" : "      parameters:\n");
    parameters.forEach(
        (name, value) ->
            text.append("        %s: %s\n".formatted(name, scalar(value)))); // as YAML: no %n
    Map<String, String> more = new LinkedHashMap<>();
    more.put("repository", "acme/rocket,globex # only these");
    more.put("concurrency", "8 # deliveries at once");
    more.put("orderBy", "repository # what keeps its order: repository, subject or none");
    more.put("maxAttempts", "20 # then a delivery is a dead letter: caravan replay runs it again");
    more.keySet().removeAll(parameters.keySet());
    more.forEach((name, value) -> text.append("        # %s: %s\n".formatted(name, value)));
    return text.toString();
  }

  private String steps() {
    StringBuilder text = new StringBuilder("      steps:\n");
    if ("raw".equals(parameters.get("payload"))) {
      text.append(
          "        # The body is what GitHub sent, byte for byte: a step that touches it breaks the signature.\n");
    } else {
      text.append(
          """
                  # The body is the payload: ${body[repository][full_name]} reads a member, or nothing where there is none.
                  - log: "${header.X-GitHub-Event} of ${body[repository][full_name]} by ${body[sender][login]}"
          """);
    }
    if (HTTP.matcher(to).matches() && !"raw".equals(parameters.get("payload"))) {
      text.append(
          "        - removeHeaders: { pattern: \"X-GitHub-Hook-*\" } # which hook it was is nobody's business\n");
    }
    return text.append("        - to: ").append(scalar(to)).append('\n').toString();
  }

  /** The text as YAML: in quotes if it would mean something else without. */
  private static String scalar(String text) {
    return PLAIN.matcher(text).matches() && !text.endsWith(":") ? text : Json.encode(text);
  }
}
