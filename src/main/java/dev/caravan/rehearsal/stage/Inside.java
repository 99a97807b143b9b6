package dev.caravan.rehearsal.stage;

import java.util.Set;
import org.apache.camel.Endpoint;

/** Which endpoints stay inside the program, and may be the real ones in a rehearsal. */
final class Inside {
  /** Calls of routes, and what makes one message of another without asking anybody. */
  private static final Set<String> SCHEMES =
      Set.of(
          "bean",
          "class",
          "dataformat",
          "direct",
          "freemarker",
          "caravan-events",
          "github-webhook",
          "jolt",
          "jslt",
          "json-validator",
          "jsonata",
          "kamelet",
          "language",
          "mustache",
          "seda",
          "string-template",
          "validator",
          "velocity",
          "xslt",
          "xslt-saxon");

  private Inside() {}

  /** Whether it may be what it is. */
  static boolean has(Endpoint endpoint) {
    String uri = endpoint.getEndpointBaseUri();
    int colon = uri.indexOf(':');
    String maker = endpoint.getClass().getName();
    // A component of somebody else's may have taken the name.
    return colon > 0
        && SCHEMES.contains(uri.substring(0, colon))
        && (maker.startsWith("org.apache.camel.") || maker.startsWith("dev.caravan."));
  }
}
