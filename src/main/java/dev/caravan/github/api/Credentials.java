package dev.caravan.github.api;

import org.jspecify.annotations.Nullable;

/** Credentials for GitHub. Only {@link #authorization} returns anything secret. */
public interface Credentials {
  /**
   * The value of the {@code Authorization} header for calls about this owner.
   *
   * @return null to send none
   * @throws GitHubException when these cannot be used for that owner
   */
  @Nullable String authorization(HookOwner owner);

  /** What and where they are, as part of a sentence: {@code the token in GITHUB_TOKEN}. */
  String description();

  /** GitHub did not accept the last value for this owner: forgets it if it was kept. */
  default void forget(HookOwner owner) {}
}
