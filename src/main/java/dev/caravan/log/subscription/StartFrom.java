package dev.caravan.log.subscription;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Where in the log a new subscription begins: with deliveries received at this time or later.
 *
 * @param time {@link Instant#MAX} for "from now on", {@link Instant#MIN} for the oldest kept
 */
public record StartFrom(Instant time) {
  public static final StartFrom NOW = new StartFrom(Instant.MAX);
  public static final StartFrom BEGINNING = new StartFrom(Instant.MIN);

  /**
   * Reads {@code now}, {@code beginning} or an ISO-8601 instant such as {@code
   * 2026-01-31T08:00:00Z}.
   *
   * @throws IllegalArgumentException with a sentence that says what to write
   */
  public static StartFrom parse(String text) {
    return switch (text) {
      case "now" -> NOW;
      case "beginning" -> BEGINNING;
      default -> {
        try {
          yield new StartFrom(Instant.parse(text));
        } catch (DateTimeParseException e) {
          // Without its cause, which would be told instead of it.
          throw new IllegalArgumentException(
              "startFrom is '"
                  + text
                  + "'. Write now, beginning, or a time such as 2026-01-31T08:00:00Z.");
        }
      }
    };
  }
}
