/**
 * Questions about past deliveries ({@link dev.caravan.log.history.DeliveryQuery}) and their
 * answers: the deliveries, their attempts, and their outcome in each subscription.
 */
@NullMarked
package dev.caravan.log.history;

import org.jspecify.annotations.NullMarked;
