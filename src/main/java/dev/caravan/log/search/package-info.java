/**
 * Finds deliveries in the tables of an engine, and says what happened to them. A question walks
 * over the log ({@link dev.caravan.log.search.DeliveryWalk}) in stretches of neighbouring
 * deliveries, which are ready in an index ({@link dev.caravan.log.search.SearchIndex}) or made from
 * the rows themselves. Start reading with {@link dev.caravan.log.search.DeliverySearch}.
 */
@NullMarked
package dev.caravan.log.search;

import org.jspecify.annotations.NullMarked;
