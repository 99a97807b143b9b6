package dev.caravan.ingress.signature;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that was answered 403, as an operator may see it.
 *
 * @param receivedAt when its head was read
 * @param delivery its {@code X-GitHub-Delivery}, or null when that is invalid
 * @param event its {@code X-GitHub-Event}, or null when that is invalid
 * @param bytes the length of its body
 * @param recognised whether its sender has one of our secrets, or nearly
 * @param reason why it was refused, a sentence; contains nothing secret and no text of the sender's
 */
public record UnverifiedRequest(
    Instant receivedAt,
    @Nullable String delivery,
    @Nullable String event,
    int bytes,
    boolean recognised,
    String reason) {}
