package dev.caravan.secrets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may know about a secret.
 *
 * @param scope as it is written in the settings
 * @param origin the file it is in, or {@code settings}
 * @param verified how many deliveries it has verified, earlier runs included
 * @param lastUsed when it last did, or null when it never has
 * @param problem why its place cannot be read at the moment, or null
 */
public record SecretStatus(
    String label,
    String scope,
    boolean retired,
    String origin,
    long verified,
    @Nullable Instant lastUsed,
    @Nullable String problem) {}
