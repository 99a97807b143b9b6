package dev.caravan.log.history;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Selects dead letters.
 *
 * @param from given up at this time or later; null for no bound
 * @param to given up before this time; null for no bound
 * @param error contained in the error, without regard to case; null for any. A number in it matches
 *     any number: the text of a {@link DeadLetterGroup} finds its errors
 */
public record DeadLetterFilter(
    @Nullable Instant from, @Nullable Instant to, @Nullable String error) {

  /** Whether a dead letter that was given up then, with that error, is selected. */
  public boolean matches(Instant since, String why) {
    return (from == null || !since.isBefore(from))
        && (to == null || since.isBefore(to))
        && (error == null || plain(why).contains(plain(error)));
  }

  private static String plain(String text) {
    return withoutNumbers(text).toLowerCase(Locale.ROOT);
  }

  /** The text with {@code #} for each number: what errors of one kind have in common. */
  public static String withoutNumbers(String text) {
    StringBuilder kind = new StringBuilder(text.length());
    for (int index = 0; index < text.length(); index++) {
      char letter = text.charAt(index);
      boolean digit = letter >= '0' && letter <= '9';
      if (!digit) {
        kind.append(letter);
      } else if (kind.isEmpty() || kind.charAt(kind.length() - 1) != '#') {
        kind.append('#');
      }
    }
    return kind.toString();
  }
}
