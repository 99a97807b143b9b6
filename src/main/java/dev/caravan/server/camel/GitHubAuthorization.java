package dev.caravan.server.camel;

import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.api.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * The bean {@code gitHubAuthorization}: the header a route sends when it calls GitHub's REST API,
 * with the credentials of the settings. Safe for use by many threads.
 */
public final class GitHubAuthorization {
  private final Settings settings;
  private final RateLimits limits;
  private @Nullable GitHubApi api;

  GitHubAuthorization(Settings settings, RateLimits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  /**
   * The value of the header {@code Authorization}.
   *
   * @param repository the repository it is for, as {@code owner/name}: an App uses another one for
   *     each owner
   */
  public String of(String repository) {
    return api().authorization(HookOwner.repository(repository));
  }

  /** Made when it is first needed: most programs never ask GitHub anything. */
  private synchronized GitHubApi api() {
    GitHubApi made = api;
    if (made == null) {
      made =
          GitHubApi.from(settings, System.getenv(), path -> path, Waiting.REAL, told -> {}, limits);
      api = made;
    }
    return made;
  }
}
