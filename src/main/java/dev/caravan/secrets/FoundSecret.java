package dev.caravan.secrets;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A secret as it is at this moment at its source.
 *
 * @param secret null when it cannot be read; the problem says why
 * @param origin the file, or null when it is in the settings
 * @param isInDirectory whether it is there because its file is in the directory of secrets
 */
record FoundSecret(
    String label,
    @Nullable Secret secret,
    SecretScope scope,
    boolean isRetired,
    @Nullable Path origin,
    boolean isInDirectory,
    @Nullable String problem) {

  /** This entry with a secret that was read earlier. */
  FoundSecret keeping(@Nullable Secret earlier) {
    return new FoundSecret(label, earlier, scope, isRetired, origin, isInDirectory, problem);
  }

  /** This secret, when the settings say something else about it. */
  FoundSecret with(SecretScope newScope, boolean nowRetired) {
    return new FoundSecret(label, secret, newScope, nowRetired, origin, isInDirectory, problem);
  }

  /** What the ingress gets from it; there must be a secret. */
  LabelledSecret labelled(SecretUse use) {
    return new LabelledSecret(label, Objects.requireNonNull(secret), scope, use);
  }

  boolean maySign() {
    return secret != null && !isRetired;
  }
}
