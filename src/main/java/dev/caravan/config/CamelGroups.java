package dev.caravan.config;

import java.util.Locale;
import java.util.Set;

/** The second words of Camel's keys: {@code component} in {@code camel.component.http.…}. */
public final class CamelGroups {
  private static final Set<String> KNOWN =
      Set.of(
          "main",
          "component",
          "dataformat",
          "language",
          "beans",
          "context",
          "resilience4j",
          "faulttolerance",
          "rest",
          "vault",
          "threadpool",
          "health",
          "lra",
          "opentelemetry",
          "opentelemetry2",
          "telemetrydev",
          "mdc",
          "metrics",
          "routetemplate",
          "devconsole",
          "variable",
          "globaloptions",
          "ssl",
          "debug",
          "trace",
          "routecontroller",
          "startupcondition",
          "kamelet",
          "server",
          "management");

  private CamelGroups() {}

  /** Whether Camel, or the program in its place, may read a key that begins with {@code camel.}. */
  public static boolean mayRead(String key) {
    String[] words = key.toLowerCase(Locale.ROOT).replace("-", "").split("\\.", 3);
    // Camel accepts camel.vault[x] and camel.routeTemplate[0].y as well.
    return words.length == 3 && KNOWN.contains(words[1].replaceFirst("\\[.*", ""));
  }
}
