package dev.caravan.github.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hook as GitHub has it.
 *
 * @param id 0 for an App's, which has none
 * @param contentType {@code json} or {@code form}
 * @param hasSecret whether it has a secret; GitHub does not tell which
 * @param verifiesTls whether GitHub verifies our certificate
 * @param lastCode the status of the last answer; null when there was none, or GitHub does not say
 * @param lastStatus what GitHub calls it, such as {@code timeout}; null when it does not say
 */
public record Hook(
    HookOwner owner,
    long id,
    String url,
    String contentType,
    boolean hasSecret,
    boolean verifiesTls,
    boolean active,
    List<String> events,
    @Nullable Integer lastCode,
    @Nullable String lastStatus) {

  /** Its name in errors and reports. */
  public String label() {
    return owner.kind() == HookOwner.Kind.APP
        ? "the App's hook"
        : "hook %d of %s".formatted(id, owner);
  }
}
