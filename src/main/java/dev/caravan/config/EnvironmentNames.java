package dev.caravan.config;

import java.util.Locale;
import java.util.Set;

/** The names of settings in the environment, and the key that a variable stands for. */
final class EnvironmentNames {
  private static final String LABELLED = "caravan.secrets.";
  private static final String LABELLED_PREFIX = "CARAVAN_SECRETS_";

  private EnvironmentNames() {}

  /** Whether it is the name of a secret with a label. */
  static boolean isLabelled(String environmentName) {
    return environmentName.startsWith(LABELLED_PREFIX);
  }

  /**
   * The environment's name of a key: capitals, and {@code _} for what is neither letter nor digit.
   */
  static String of(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /**
   * The key that a variable nobody has set elsewhere most likely means: {@code
   * CAMEL_COMPONENT_KAFKA_SESSION_TIMEOUT} is {@code camel.component.kafka.session-timeout}. Camel
   * reads words joined by hyphens as it reads camel case.
   */
  static String camelKey(String environmentName) {
    String[] words = environmentName.toLowerCase(Locale.ROOT).split("_", -1);
    int groups = words.length > 1 && isGrouped(words[1]) ? 3 : 2;
    StringBuilder key = new StringBuilder(words[0]);
    for (int index = 1; index < words.length; index++) {
      key.append(index <= groups ? '.' : '-').append(words[index]);
    }
    return key.toString();
  }

  /** {@code CARAVAN_SECRETS_OLD_ONE_SCOPE} is {@code caravan.secrets.old-one.scope}. */
  static String labelledKey(String environmentName) {
    return isLabelled(environmentName)
        ? LABELLED
            + environmentName
                .substring(LABELLED_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replaceFirst("_(scope|file|retired)$", ".$1")
                .replace('_', '-')
        : environmentName;
  }

  private static boolean isGrouped(String word) {
    return Set.of("component", "dataformat", "language", "beans").contains(word);
  }
}
