/**
 * What is asked about deliveries that have come ({@link dev.caravan.log.history.DeliveryQuery}),
 * and what is answered: the deliveries, their attempts, and how they stand with each subscription.
 */
@NullMarked
package dev.caravan.log.history;

import org.jspecify.annotations.NullMarked;
