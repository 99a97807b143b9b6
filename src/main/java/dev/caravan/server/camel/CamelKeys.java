package dev.caravan.server.camel;

import dev.caravan.config.CamelGroups;
import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.libraries.MissingLibrary;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.RoutesBuilder;

/** Knows which of Camel's keys work here: the others would be ignored silently. */
public final class CamelKeys {
  private static final String TLS = "caravan.tls.certificate and caravan.tls.key are for TLS";
  private static final String STOP = "caravan.stop-timeout is the time that a stop waits";
  private static final String ROUTES = "caravan.routes is the directory of the route files";
  private static final String RELOAD = "a changed route file is reloaded by itself";
  private static final String ENDLESS = "Caravan runs until it is stopped";
  private static final String SOURCES = "application.properties says where settings come from";
  private static final String HEALTH = "the management port answers at /observe/health";
  private static final String RECORDER = "it is off";
  private static final String SHOWN = "caravan routes and the console show routes as they run";
  private static final String TRACING = "caravan.tracing turns OpenTelemetry on";

  /** What replaces one of Camel's keys, as the end of a sentence. */
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("server.maxbodysize", "caravan.max-payload is the largest payload"),
          Map.entry("server.path", "caravan.path is the path of the hook"),
          Map.entry("server.useglobalsslcontextparameters", TLS),
          Map.entry("main.shutdowntimeout", STOP),
          Map.entry("main.shutdownnowontimeout", STOP),
          Map.entry("main.routesincludepattern", ROUTES),
          Map.entry("main.routesexcludepattern", ROUTES),
          Map.entry("main.routesreloadenabled", RELOAD),
          Map.entry("main.routesreloaddirectory", RELOAD),
          Map.entry("main.routesreloadpattern", RELOAD),
          Map.entry("main.routesreloaddirectoryrecursive", RELOAD),
          Map.entry("main.routesreloadremoveallroutes", RELOAD),
          Map.entry("main.routesreloadrestartduration", RELOAD),
          Map.entry("main.name", "each route file has a Camel context that is named after it"),
          Map.entry("main.durationmaxseconds", ENDLESS),
          Map.entry("main.durationmaxidleseconds", ENDLESS),
          Map.entry("main.durationmaxmessages", ENDLESS),
          Map.entry("main.durationmaxaction", ENDLESS),
          Map.entry("main.durationhitexitcode", ENDLESS),
          Map.entry("main.extrashutdowntimeout", STOP),
          Map.entry("main.routesbuilders", ROUTES),
          Map.entry("main.routesbuilderclasses", ROUTES),
          Map.entry("main.javaroutesincludepattern", ROUTES),
          Map.entry("main.javaroutesexcludepattern", ROUTES),
          Map.entry("main.routescollectorenabled", ROUTES),
          Map.entry("main.routescollectorignoreloadingerror", ROUTES),
          Map.entry("main.loadhealthchecks", HEALTH),
          Map.entry("main.fileconfigurations", SOURCES),
          Map.entry("main.cloudpropertieslocation", SOURCES),
          Map.entry("main.autoconfigurationlogsummary", SOURCES),
          Map.entry("main.autoconfigurationfailfast", "a setting that Camel cannot use is refused"),
          Map.entry("main.autoconfigurationenabled", SOURCES),
          Map.entry("main.autoconfigurationenvironmentvariablesenabled", SOURCES),
          Map.entry("main.autoconfigurationsystempropertiesenabled", SOURCES));

  /** The same for all keys that begin with these. */
  private static final Map<String, String> INSTEAD_OF_GROUP =
      Map.of(
          "main.dumproutes", SHOWN,
          "main.startuprecorder", RECORDER,
          "health.", HEALTH,
          "metrics.", "the management port has metrics at /observe/metrics",
          "opentelemetry.", TRACING,
          "opentelemetry2.", TRACING,
          "debug.", "it is for programs of one Camel context; caravan test shows what a route does",
          "routecontroller.", "a route that cannot start is reported, with its file and line",
          "routetemplate", "a route file names the template that it uses, in templatedRoute");

  /** Keys whose values are names of classes. */
  private static final Set<String> CLASSES =
      Set.of("main.configurationclasses", "main.mainlistenerclasses");

  private static final Pattern BEAN_CLASS = Pattern.compile("#class:([\\w.$]+)");

  private CamelKeys() {}

  /**
   * Refuses keys that would be ignored.
   *
   * @throws InvalidSettingException with a sentence for the first one
   */
  public static void refuseProblems(Settings settings) {
    problems(settings).values().stream()
        .findFirst()
        .ifPresent(
            problem -> {
              throw new InvalidSettingException(problem);
            });
  }

  /** A sentence for each key that would be ignored, by key. */
  public static SortedMap<String, String> problems(Settings settings) {
    SortedMap<String, String> problems = new TreeMap<>();
    for (String key : settings.all().keySet()) {
      if (key.startsWith("camel.")) {
        problem(key, settings.text(key)).ifPresent(problem -> problems.put(key, problem));
      }
    }
    return problems;
  }

  private static Optional<String> problem(String key, String value) {
    Matcher bean = BEAN_CLASS.matcher(value);
    if (key.startsWith("camel.beans.") && bean.lookingAt()) {
      return problemOfClass(key, bean.group(1));
    }
    String plain = key.substring("camel.".length()).toLowerCase(Locale.ROOT).replace("-", "");
    if (CLASSES.contains(plain)) {
      return Stream.of(value.split(","))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .flatMap(name -> problemOfClass(key, name).stream())
          .findFirst();
    }
    Optional<String> instead = instead(plain);
    if (instead.isPresent()) {
      return Optional.of("%s has no effect in Caravan: %s.".formatted(key, instead.get()));
    }
    if (plain.startsWith("component.githubwebhook.")) {
      return Optional.of(
          "%s has no effect in Caravan, only in other programs that use its component. The same under Caravan's own keys is in application.properties."
              .formatted(key));
    }
    String group = plain.contains(".") ? plain.substring(0, plain.indexOf('.')) : plain;
    if (group.equals("server") || group.equals("management")) {
      return plain.equals(group + ".host") || plain.equals(group + ".port")
          ? Optional.empty()
          : Optional.of(
              "%s has no effect in Caravan, which has a server of its own: of camel.%s only host and port are used. Look in application.properties for what you want to set."
                  .formatted(key, group));
    }
    return CamelGroups.mayRead(key)
        ? Optional.empty()
        : Optional.of(
            "Camel has no setting %s: none of its settings begins with camel.%s."
                .formatted(key, key.substring("camel.".length()).replaceFirst("\\..*", "")));
  }

  private static Optional<String> instead(String plain) {
    // Camel has both names for some of its context's settings.
    String instead = INSTEAD.get(plain.replaceFirst("^context\\.", "main."));
    return instead != null
        ? Optional.of(instead)
        : INSTEAD_OF_GROUP.entrySet().stream()
            .filter(group -> plain.startsWith(group.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
  }

  private static Optional<String> problemOfClass(String key, String name) {
    try {
      Class<?> found = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return RoutesBuilder.class.isAssignableFrom(found)
          ? Optional.of(
              "%s is a route (%s), and routes are not beans: %s.".formatted(key, name, ROUTES))
          : Optional.empty();
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.of(
          "%s names the class %s, which is missing. %s, unless the name is misspelt."
              .formatted(key, name, MissingLibrary.ofClass(name)));
    }
  }
}
