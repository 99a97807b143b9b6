package dev.caravan.github.hooks;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.HookOwner;
import dev.caravan.log.subscription.EventFilter;
import java.util.Arrays;
import java.util.List;

/** Reads the owners of the hooks that somebody has chosen. */
public final class HookOwners {
  private static final String HOOKS = "caravan.github.hooks";
  private static final int NOT_FOUND = 404;

  private HookOwners() {}

  /**
   * The names in the settings, for {@link #named}.
   *
   * @throws InvalidSettingException when one cannot be read
   */
  public static List<String> from(Settings settings) {
    List<String> names =
        Arrays.stream(settings.text(HOOKS).split(",", -1))
            .map(String::strip)
            .filter(word -> !word.isEmpty())
            .toList();
    try {
      names.forEach(HookOwners::check);
      return names;
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(HOOKS + ": " + e.getMessage());
    }
  }

  /**
   * The owners with these names: {@code acme/rocket}, {@code acme/web-*}, {@code acme}, or {@code
   * app}.
   *
   * @throws IllegalArgumentException with a sentence for the user, for the first invalid name
   * @throws GitHubException when there are names, but nothing that they stand for
   */
  public static List<HookOwner> named(List<String> names, GitHubApi api) {
    List<HookOwner> owners =
        names.stream()
            .flatMap(
                name ->
                    (name.contains("/") ? repositories(name, api) : List.of(HookOwner.parse(name)))
                        .stream())
            .distinct()
            .toList();
    if (owners.isEmpty() && !names.isEmpty()) { // a recovery of nothing would find nothing missing
      throw new GitHubException(
          NOT_FOUND, "No repository fits %s.".formatted(String.join(", ", names)));
    }
    return owners;
  }

  /**
   * A repository, or all of an organisation that match a glob such as {@code acme/web-*}.
   *
   * @throws IllegalArgumentException with a sentence for the user, when it is neither
   */
  public static List<HookOwner> repositories(String text, GitHubApi api) {
    if (!isGlob(text)) {
      return List.of(HookOwner.repository(text));
    }
    EventFilter fitting = EventFilter.parse("*", text);
    return api.repositories(organizationOf(text)).stream()
        .filter(fitting::wantsRepository)
        .map(HookOwner::repository)
        .toList();
  }

  private static void check(String name) {
    if (isGlob(name)) {
      organizationOf(name);
      EventFilter.parse("*", name);
    } else {
      HookOwner.parse(name);
    }
  }

  private static boolean isGlob(String name) {
    return name.matches(".*/.*[*?].*");
  }

  private static HookOwner organizationOf(String glob) {
    return HookOwner.organization(glob.substring(0, glob.indexOf('/')));
  }
}
