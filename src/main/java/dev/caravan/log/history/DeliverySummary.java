package dev.caravan.log.history;

import dev.caravan.delivery.DeliveryName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as a list shows it, without its body.
 *
 * @param name its GUID, with the hook if several hooks sent different payloads under that GUID
 * @param hook GitHub's number of the hook that sent it; null when that is not known
 * @param thread what in the repository it is about: {@code #12} for an issue or pull request, else
 *     a ref such as {@code refs/heads/main}; null when it is about neither
 * @param payloadLength bytes of the body as it arrived
 * @param repeats how often its GUID arrived again
 * @param differsFromFirst whether it is a repeat whose payload is not that of the first; kept, not
 *     run
 * @param outcomes one for each subscription that wants it or has run it
 */
public record DeliverySummary(
    String position,
    String guid,
    DeliveryName name,
    @Nullable Long hook,
    String event,
    @Nullable String action,
    @Nullable String repository,
    @Nullable String sender,
    @Nullable String thread,
    Instant receivedAt,
    int payloadLength,
    int repeats,
    boolean differsFromFirst,
    List<SubscriptionOutcome> outcomes) {}
