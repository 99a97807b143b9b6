package dev.caravan.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every setting in force, by key, with typed reading that refuses a bad value by its key's name.
 *
 * <p>Immutable. {@link SettingSources} makes one from the places a value can come from.
 */
public final class Settings {
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<String, String> values;

  public Settings(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  /** Every key with its value, in no order. Contains secrets: never log it. */
  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  /** The value, stripped; empty when the key is absent or has no value. */
  public String text(String key) {
    return values.getOrDefault(key, "").strip();
  }

  /**
   * A whole number.
   *
   * @throws InvalidSettingException unless it is one from {@code least} to {@code most}
   */
  public int integer(String key, int least, int most) {
    try {
      int value = Integer.parseInt(text(key));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // refused below, with the same sentence
    }
    throw refuse(key, "a whole number from " + least + " to " + most);
  }

  /**
   * A number of bytes, such as {@code 25MiB}.
   *
   * @throws InvalidSettingException unless it is a number with B, KiB, MiB or GiB, and positive
   */
  public long size(String key) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text(key));
    if (matcher.matches()) {
      int shift =
          switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 0;
            case "k", "kib" -> 10;
            case "m", "mib" -> 20;
            case "g", "gib" -> 30;
            default -> -1;
          };
      long number = Long.parseLong(matcher.group(1));
      if (shift >= 0 && number > 0 && number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    }
    throw refuse(key, "a size. Write for instance 64KiB, 25MiB or 10GiB");
  }

  /**
   * A length of time, such as {@code 7d}, {@code 10s} or {@code PT1H}.
   *
   * @throws InvalidSettingException for anything else, and for negative ones
   */
  public Duration duration(String key) {
    String text = text(key);
    Matcher matcher = SHORT_DURATION.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // refused below, with the same sentence
    }
    throw refuse(key, "a duration. Write for instance 500ms, 10s, 5m, 168h, 7d or PT1H");
  }

  /**
   * The exception for a value that can be read, and is too small or too large.
   *
   * @param range what it must be, such as "at least 1h"
   */
  public InvalidSettingException outOfRange(String key, String range) {
    return new InvalidSettingException(key + " is " + text(key) + "; it must be " + range + ".");
  }

  /**
   * The exception for a value that does not fit, which never shows a secret: neither that of a
   * secret's key nor the password in an address.
   *
   * @param expected what it should be, after "which is not"
   */
  public InvalidSettingException refuse(String key, String expected) {
    return new InvalidSettingException(
        SecretKeys.include(key)
            ? key + " is not " + expected + "."
            : "%s is '%s', which is not %s.".formatted(key, shown(text(key)), expected));
  }

  /** A refused address may be one that nothing takes for an address: without a scheme, say. */
  private static String shown(String value) {
    return WithoutCredentials.of(value.replaceFirst("(?s)^(\\w+://)?.*@", "$1***@"));
  }
}
