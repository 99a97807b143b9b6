/**
 * Reads deliveries, what is due and what has been run, from the tables of an engine. Start reading
 * with {@link dev.caravan.log.reading.DeliveryReader}, which {@link
 * dev.caravan.log.reading.Readers} lend.
 */
@NullMarked
package dev.caravan.log.reading;

import org.jspecify.annotations.NullMarked;
