package dev.caravan.webhook.cloudevents;

import dev.caravan.log.subscription.Attempt;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of the newest deliveries: of many routes that get a delivery, only the first must
 * read the payload for them. Safe for use by many threads; two that come at once may both read.
 */
public final class RecentCloudEvents {
  private static final int SLOTS = 1024; // a power of two

  private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

  private record Known(String position, CloudEvent event) {}

  /**
   * The CloudEvents attributes of the delivery that is attempted.
   *
   * @throws IllegalArgumentException when its payload is not a JSON object
   */
  public CloudEvent of(Attempt attempt) {
    String position = attempt.position();
    int slot = position.hashCode() & (SLOTS - 1);
    Known known = slots.get(slot);
    if (known == null || !known.position().equals(position)) {
      known = new Known(position, CloudEventReader.read(attempt.delivery()));
      if (known.event().isSmall()) {
        slots.set(slot, known);
      }
    }
    return known.event();
  }
}
