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

  /** Options written as whole numbers or, if they mean a time, as durations. */
  private static final Set<Class<?>> NUMBERS =
      Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class);

  private ComponentValues() {}

  /**
   * Checks each value that is set.
   *
   * @param context the one in which the components were configured
   * @throws InvalidSettingException for the first that its component cannot use
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

  /** Whether a value is neither a bean's name nor another setting's. */
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

  /** The message leaves out the value, which may be a password in the wrong place. */
  private static void check(String key, String value, Class<?> type) {
    boolean isTime = type == Duration.class || type.getSimpleName().equals("Timeout");
    // Some numbers are times, too, although their type does not show it.
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
