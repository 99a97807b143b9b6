package dev.caravan.log.sqlite;

import dev.caravan.log.dispatch.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that was looked up.
 *
 * @param hook that sent it; null when that is not known
 * @param receivedAt milliseconds since 1970
 * @param differs whether it is a repeat whose payload is not that of the first
 */
record FoundDelivery(
    Envelope entry,
    String guid,
    @Nullable Long hook,
    long receivedAt,
    int repeats,
    boolean differs) {
  long position() {
    return entry.position();
  }
}
