package dev.caravan.log.subscription;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many in a given time.
 *
 * @param count at least 1
 * @param per over 0
 */
public record Rate(int count, Duration per) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)(?:\\s*/\\s*(s|m|h|d))?");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final double NANOS = 1e9;

  /** What can be written, for error messages. */
  public static final String FORM = "a number, or one with /s, /m, /h or /d: 20, 0.2/s, 10/h";

  /**
   * Reads {@code 10/h} or {@code 0.2/s}; without a unit, per second.
   *
   * @throws IllegalArgumentException with a sentence for the user, when it is not a rate or is 0
   */
  public static Rate parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    double number = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
    if (number <= 0) {
      throw new IllegalArgumentException("'%s' is not a rate. Write %s.".formatted(text, FORM));
    }
    String unit = matcher.group(2);
    Duration per = UNITS.get(unit == null ? "s" : unit);
    return number == Math.rint(number)
        ? new Rate((int) number, per)
        : new Rate(1, Duration.ofNanos(Math.round(per.toNanos() / number)));
  }

  /** How many per second. */
  public double perSecond() {
    return count * NANOS / per.toNanos();
  }
}
