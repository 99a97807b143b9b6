package dev.caravan.server.camel;

import dev.caravan.config.Settings;
import java.util.Properties;

/** The settings that are Camel's, or that a route may use as {@code {{key}}}. */
final class CamelSettings {
  private final Settings settings;

  CamelSettings(Settings settings) {
    this.settings = settings;
  }

  /** All but those of our two ports and the secrets. */
  Properties all() {
    Properties properties = new Properties();
    settings
        .all()
        .forEach(
            (key, value) -> {
              if (!key.startsWith("camel.server.")
                  && !key.startsWith("camel.management.")
                  && !key.startsWith("caravan.secret")
                  && !key.equals("caravan.github.token")
                  && !key.startsWith("caravan.management.")) {
                properties.setProperty(key, value);
              }
            });
    return properties;
  }

  /** The same without beans, each of which must exist only once. */
  Properties withoutBeans() {
    Properties properties = all();
    properties.keySet().removeIf(key -> key.toString().startsWith("camel.beans."));
    return properties;
  }
}
