package dev.caravan.receiver;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.ProcessEnvironment;
import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.ingress.port.CannotListenException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/**
 * Caravan's settings in an application that uses the component: options of the component, and for
 * everything without an option, Caravan's own keys.
 *
 * <p>The options are looked for among the application's properties too. Camel itself sets them on a
 * component when camel-main runs it, but never from the environment on a component that is not
 * Camel's, and in Spring Boot only with a starter.
 */
final class ComponentSettings {
  private static final String COMPONENT = "camel.component.github-webhook.";

  static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("secret", "caravan.secret"),
          Map.entry("secret-file", "caravan.secret.file"),
          Map.entry("host", "camel.server.host"),
          Map.entry("port", "camel.server.port"),
          Map.entry("path", "caravan.path"),
          Map.entry("data-directory", "caravan.data"),
          Map.entry("max-payload", "caravan.max-payload"),
          Map.entry("retention-age", "caravan.retention.age"),
          Map.entry("retention-size", "caravan.retention.size"),
          Map.entry("allow", "caravan.allow"),
          Map.entry("tls-certificate", "caravan.tls.certificate"),
          Map.entry("tls-key", "caravan.tls.key"));

  private static final String SERVER = "server";

  private final Map<String, String> options = new HashMap<>();
  private final Settings settings;

  /**
   * Reads them.
   *
   * @param set the options that the component was given
   * @throws InvalidSettingException for the first that cannot be used, by the option's key
   */
  ComponentSettings(CamelContext application, Map<String, String> set) {
    options.put("data-directory", "caravan-data"); // in somebody else's directory
    options.put(SERVER, "own");
    options.putAll(set);
    Set<String> names = new TreeSet<>(KEYS.keySet());
    names.add(SERVER);
    names.forEach(name -> read(application, COMPONENT + name, name, options));
    Map<String, String> values = new HashMap<>();
    SettingSources sources = new SettingSources(ProcessEnvironment.read());
    sources.read(null, Map.of()).all().keySet().stream()
        .filter(key -> key.startsWith("caravan."))
        .forEach(key -> read(application, key, key, values));
    application
        .getPropertiesComponent()
        .loadProperties(key -> key.startsWith("caravan."))
        .stringPropertyNames()
        .forEach(key -> read(application, key, key, values));
    KEYS.forEach(
        (name, key) -> {
          if (options.containsKey(name)) {
            values.put(key, options.get(name));
          }
        });
    this.settings = inWordsOfTheComponent(() -> sources.read(null, values));
    if (!Set.of("own", "application").contains(options.get(SERVER))) {
      throw new InvalidSettingException(
          "%sserver is '%s', which is not own or application."
              .formatted(COMPONENT, options.get(SERVER)));
    }
  }

  Settings settings() {
    return settings;
  }

  /** Whether the application's HTTP server should accept the deliveries. */
  boolean useServerOfApplication() {
    return options.get(SERVER).equals("application");
  }

  private static void read(
      CamelContext application, String key, String name, Map<String, String> into) {
    application
        .getPropertiesComponent()
        .resolveProperty(key)
        .filter(value -> !value.isBlank())
        .ifPresent(value -> into.put(name, value));
  }

  /** Reports invalid settings under the keys that the user of the component knows. */
  static <T> T inWordsOfTheComponent(Supplier<T> reads) {
    try {
      return reads.get();
    } catch (InvalidSettingException e) {
      throw new InvalidSettingException(inWordsOfTheComponent(e));
    } catch (CannotListenException e) {
      throw new IllegalStateException(inWordsOfTheComponent(e), e);
    }
  }

  private static String inWordsOfTheComponent(RuntimeException complaint) {
    String said =
        String.valueOf(complaint.getMessage())
            .replace(", in --set,", "")
            .replace("--port", COMPONENT + "port");
    for (Map.Entry<String, String> key : KEYS.entrySet()) {
      String whole = "(?<![\\w.-])%s(?![\\w-]|\\.\\w)".formatted(Pattern.quote(key.getValue()));
      said = said.replaceAll(whole, COMPONENT + key.getKey());
    }
    return said;
  }
}
