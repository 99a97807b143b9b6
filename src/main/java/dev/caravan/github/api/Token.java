package dev.caravan.github.api;

import org.jspecify.annotations.Nullable;

/** A personal access token, classic or fine-grained, or one that {@code gh} or Actions made. */
final class Token implements Credentials {
  private final String value;
  private final String description;

  Token(String value, String description) {
    this.value = value;
    this.description = description;
  }

  @Override
  public @Nullable String authorization(HookOwner owner) {
    if (owner.kind() == HookOwner.Kind.APP) {
      throw new GitHubException(
          401,
          "An App's own hook can only be asked for with the App's key, and what was found is %s. Set caravan.github.app.id and caravan.github.app.key."
              .formatted(description));
    }
    return "Bearer " + value;
  }

  @Override
  public String description() {
    return description;
  }
}
