package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.log.EventFilter;

/**
 * A delivery as a subscription finds it in the log, before it has decided whether it wants it.
 *
 * @param length bytes of the body
 */
record Entry(long position, Kinds.Kind kind, Delivery.Subject subject, int length) {
  boolean isWantedBy(EventFilter filter) {
    return filter.wants(kind.event(), kind.action(), subject.repository());
  }
}
