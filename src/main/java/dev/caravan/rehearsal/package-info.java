/**
 * Tries routes with deliveries, without consequences: what would be taken, what would be sent
 * where, and what would fail.
 *
 * <p>The routes run as they do in earnest, in Camel contexts of their own, but on a {@link
 * dev.caravan.rehearsal.stage.Stage}: the consumer, its filters and its rules are the real ones,
 * the delivery log and every endpoint that leads out of the program are not.
 */
@NullMarked
package dev.caravan.rehearsal;

import org.jspecify.annotations.NullMarked;
