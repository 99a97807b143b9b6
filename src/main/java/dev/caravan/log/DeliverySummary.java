package dev.caravan.log;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as a list shows it, without its body.
 *
 * @param payloadLength bytes of the body as it arrived
 * @param repeats how often its GUID came again
 * @param differsFromFirst whether it is a repeat whose payload is not that of the first; kept, not
 *     run
 * @param outcomes of each subscription that has something to do with it
 */
public record DeliverySummary(
    String position,
    String guid,
    String event,
    @Nullable String action,
    @Nullable String repository,
    @Nullable String sender,
    Instant receivedAt,
    int payloadLength,
    int repeats,
    boolean differsFromFirst,
    List<SubscriptionOutcome> outcomes) {}
