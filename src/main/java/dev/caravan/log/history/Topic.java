package dev.caravan.log.history;

import dev.caravan.delivery.Delivery;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery is about, or mentions, in a repository: an issue or pull request, a commit, or a
 * branch or tag. Each part is null when the text cannot mean that; when it can mean several, any of
 * them counts.
 *
 * @param number of an issue or pull request
 * @param commit the first digits of a commit's sha, in lower case
 * @param ref a branch or tag as a push spells it
 */
public record Topic(@Nullable Long number, @Nullable String commit, @Nullable String ref) {
  private static final Pattern NUMBER = Pattern.compile("#?(\\d{1,17})");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{6,64}");

  /**
   * Reads {@code 77} or {@code #77}, a sha or at least its first six digits, or a ref such as
   * {@code refs/tags/v1}; any other name is that of a branch.
   */
  public static Topic parse(String text) {
    Matcher number = NUMBER.matcher(text);
    return new Topic(
        number.matches() ? Long.valueOf(number.group(1)) : null,
        COMMIT.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : null,
        text.startsWith("#") ? null : text.startsWith("refs/") ? text : "refs/heads/" + text);
  }

  /** Whether a {@link Delivery.Subject#thread} is this. */
  public boolean isThread(@Nullable String thread) {
    return thread != null && (thread.equals(ref) || thread.equals(numbered()));
  }

  /** What a {@link Delivery.Subject#thread} says of that number; null when it can mean none. */
  public @Nullable String numbered() {
    return number == null ? null : Delivery.Subject.thread(number.toString());
  }
}
