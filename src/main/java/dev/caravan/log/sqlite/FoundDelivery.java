package dev.caravan.log.sqlite;

/**
 * A delivery that was looked up.
 *
 * @param receivedAt milliseconds since 1970
 * @param differs whether it is a repeat whose payload is not that of the first
 */
record FoundDelivery(Entry entry, String guid, long receivedAt, int repeats, boolean differs) {
  long position() {
    return entry.position();
  }
}
