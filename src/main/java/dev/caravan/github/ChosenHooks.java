package dev.caravan.github;

import dev.caravan.config.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The hooks that somebody has chosen, in their own words.
 *
 * @param names repositories, globs of them, organisations and {@code app}, separated by blanks
 * @param url the hook's address as GitHub sees it; empty if not given
 */
public record ChosenHooks(String names, String url) {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-]{1,100}(/[A-Za-z0-9._*?-]{1,100})?");
  private static final Pattern PLAIN_ADDRESS = Pattern.compile("https?://[A-Za-z0-9.:/_-]+");

  /** The choice in the settings. */
  static ChosenHooks of(Settings settings) {
    return new ChosenHooks(
        String.join(" ", words(settings.text("caravan.github.hooks"))),
        settings.text("caravan.github.url"));
  }

  /**
   * The names one by one, checked.
   *
   * @throws IllegalArgumentException with a sentence for the user, when there is none or one is
   *     impossible
   */
  public List<String> list() {
    List<String> words = words(names);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("Whose hooks? Write owner/name, an organization, or app.");
    }
    words.stream()
        .filter(word -> !NAME.matcher(word).matches())
        .findFirst()
        .ifPresent(
            word -> {
              throw new IllegalArgumentException(
                  "'%s' is not the name of a repository or an organization.".formatted(word));
            });
    return words;
  }

  /** The choice as options of a command to copy, without anything special to a shell. */
  public String options() {
    String chosen =
        words(names).stream()
            .filter(word -> NAME.matcher(word).matches())
            .map(ChosenHooks::option)
            .collect(Collectors.joining(" "));
    return (chosen.isEmpty() ? "--repo owner/name" : chosen)
        + (PLAIN_ADDRESS.matcher(url).matches() ? " --url " + url : "");
  }

  private static String option(String word) {
    return word.contains("/")
        ? "--repo '" + word + "'"
        : word.equals("app") ? "--app" : "--org " + word;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[\\s,]+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
