package dev.caravan.server.camel;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Values of components' settings that Camel would silently take for something else: {@code
 * camel.component.http.connect-timeout=abc} would be no limit at all.
 */
final class ComponentValues {
  private static final Pattern KEY = Pattern.compile("camel\\.component\\.([^.]+)\\.(.+)");
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:\\d+(?:\\.\\d+)?\\s*(?:ms|millis?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)?\\s*)+|[+-]\\d+|P.+",
          Pattern.CASE_INSENSITIVE);

  /** Given in whole numbers, or, where a time is meant, as a duration. */
  private static final Set<Class<?>> NUMBERS =
      Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class);

  private ComponentValues() {}

  /**
   * Looks at each that is set.
   *
   * @param context in which the components have been configured
   * @throws InvalidSettingException for the first that is not what its component wants
   */
  static void check(Settings settings, CamelContext context) {
    settings
        .all()
        .forEach(
            (key, value) -> {
              Matcher matcher = KEY.matcher(key);
              if (matcher.matches() && isPlain(value)) {
                Class<?> type = type(context, matcher.group(1), matcher.group(2));
                if (type != null) {
                  check(key, value.strip(), type);
                }
              }
            });
  }

  /** Neither a bean's name nor one of another setting's. */
  private static boolean isPlain(String value) {
    return !value.startsWith("#") && !value.contains("{{") && !value.isBlank();
  }

  private static @Nullable Class<?> type(CamelContext context, String name, String option) {
    Component component = context.hasComponent(name);
    return component != null
            && component.getComponentPropertyConfigurer()
                instanceof PropertyConfigurerGetter configurer
        ? configurer.getOptionType(StringHelper.dashToCamelCase(option), true)
        : null;
  }

  /** Does not show the value, which may be a password in the wrong place. */
  private static void check(String key, String value, Class<?> type) {
    boolean isTime = type == Duration.class || type.getSimpleName().equals("Timeout");
    // Some numbers are times too, which their type does not show.
    if ((isTime || NUMBERS.contains(type)) && !DURATION.matcher(value).matches()) {
      throw new InvalidSettingException(
          "%s has a value that is %s."
              .formatted(
                  key,
                  isTime
                      ? "no duration. Write for instance 500ms, 10s or 5m"
                      : "neither a whole number nor a duration such as 500ms, 10s or 5m"));
    }
  }
}
