package dev.caravan.github.hooks;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Finds the hooks that send here, among all of an owner's hooks. */
public final class FindHooks {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final GitHubApi api;
  private final String url;
  private final String path;

  /**
   * @param url the hook's address as GitHub sees it; empty when it is not known
   * @param path the path of our hook, which tells ours from others if the address is not known
   */
  public FindHooks(GitHubApi api, String url, String path) {
    this.api = api;
    this.url = url;
    this.path = path;
  }

  /**
   * The hooks of all of these owners. One whose hooks are not found does not keep those of others
   * from being used.
   *
   * @param missed told why an owner's are not found: it has none, or it is not clear which is meant
   * @throws GitHubException when no owner's are found, with the reason of the first
   */
  public List<Hook> of(List<HookOwner> owners, Consumer<GitHubException> missed) {
    List<Hook> found = new ArrayList<>();
    List<GitHubException> failures = new ArrayList<>();
    for (HookOwner owner : owners) {
      try {
        found.addAll(some(owner));
      } catch (GitHubException e) {
        failures.add(e);
      }
    }
    if (found.isEmpty() && !failures.isEmpty()) {
      throw failures.get(0);
    }
    failures.forEach(missed);
    return found;
  }

  private List<Hook> some(HookOwner owner) {
    List<Hook> own = of(owner);
    if (own.isEmpty()) {
      throw new GitHubException(
          NOT_FOUND,
          "%s has no hook %s. Make one with: caravan github register"
              .formatted(
                  owner,
                  url.isEmpty() ? "whose address ends in " + path : "with the address " + url));
    }
    return own;
  }

  /** The hooks of one owner; there may be none. */
  public List<Hook> of(HookOwner owner) {
    List<Hook> own = api.hooks(owner).stream().filter(this::isOurs).toList();
    if (url.isEmpty() && own.stream().map(Hook::url).distinct().count() > 1) {
      throw new GitHubException(
          CONFLICT,
          "%s has hooks with several addresses that end in %s. Say which is meant with --url or caravan.github.url: %s"
              .formatted(
                  owner, path, String.join(", ", own.stream().map(Hook::url).distinct().toList())));
    }
    return own;
  }

  private boolean isOurs(Hook hook) {
    return url.isEmpty() ? HookUrl.hasPath(hook.url(), path) : HookUrl.same(url, hook.url());
  }
}
