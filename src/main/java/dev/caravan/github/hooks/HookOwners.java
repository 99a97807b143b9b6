package dev.caravan.github.hooks;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.HookOwner;
import dev.caravan.log.subscription.EventFilter;
import java.util.Arrays;
import java.util.List;

/** Reads the owners of the hooks that somebody has chosen. */
public final class HookOwners {
  private static final String HOOKS = "caravan.github.hooks";

  private HookOwners() {}

  /**
   * The owners in the settings.
   *
   * @throws InvalidSettingException when one cannot be read
   */
  public static List<HookOwner> from(Settings settings) {
    try {
      return Arrays.stream(settings.text(HOOKS).split(",", -1))
          .map(String::strip)
          .filter(word -> !word.isEmpty())
          .map(HookOwner::parse)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(HOOKS + ": " + e.getMessage());
    }
  }

  /**
   * The owners with these names: {@code acme/rocket}, {@code acme/web-*}, {@code acme}, or {@code
   * app}.
   *
   * @throws IllegalArgumentException with a sentence for the user, for the first invalid name
   */
  public static List<HookOwner> named(List<String> names, GitHubApi api) {
    return names.stream()
        .flatMap(
            name ->
                (name.contains("/") ? repositories(name, api) : List.of(HookOwner.parse(name)))
                    .stream())
        .distinct()
        .toList();
  }

  /**
   * A repository, or all of an organisation that match a glob such as {@code acme/web-*}.
   *
   * @throws IllegalArgumentException with a sentence for the user, when it is neither
   */
  public static List<HookOwner> repositories(String text, GitHubApi api) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash).matches(".*[*?].*")) {
      return List.of(HookOwner.repository(text));
    }
    EventFilter fitting = EventFilter.parse("*", text);
    return api.repositories(HookOwner.organization(text.substring(0, slash))).stream()
        .filter(fitting::wantsRepository)
        .map(HookOwner::repository)
        .toList();
  }
}
