package dev.caravan.github.recovery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a recovery did not get back.
 *
 * @param deliveredAt when GitHub last tried
 * @param reason why it is not here, for the user
 */
public record StillMissing(
    String guid, String event, @Nullable String action, Instant deliveredAt, String reason) {}
