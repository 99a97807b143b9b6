package dev.caravan.github.api;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A personal access token, classic or fine-grained, or one that {@code gh} or Actions made. */
final class Token implements Credentials {
  private final Supplier<String> value;
  private final String description;

  /**
   * @param value asked for each call: it may change where it comes from
   */
  Token(Supplier<String> value, String description) {
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
    return "Bearer " + value.get();
  }

  @Override
  public String description() {
    return description;
  }
}
