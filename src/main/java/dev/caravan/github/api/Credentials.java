package dev.caravan.github.api;

import org.jspecify.annotations.Nullable;

/**
 * In whose name GitHub is asked. No method but {@link #authorization} gives away anything secret.
 */
public interface Credentials {
  /**
   * The value of the {@code Authorization} header for what this owner has.
   *
   * @return null to ask without one
   * @throws GitHubException when there is no way to ask in that owner's name
   */
  @Nullable String authorization(HookOwner owner);

  /** What they are and where they were found, for a sentence: {@code the token in GITHUB_TOKEN}. */
  String description();

  /** GitHub did not accept the last one for this owner; whatever was kept of it is forgotten. */
  default void forget(HookOwner owner) {}
}
