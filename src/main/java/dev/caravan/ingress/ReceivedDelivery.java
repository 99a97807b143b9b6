package dev.caravan.ingress;

import dev.caravan.delivery.Ownership;
import dev.caravan.log.Delivery;

/**
 * A delivery as it came in, with what decides whether its secret may sign it.
 *
 * @param ownership whose the payload is
 */
record ReceivedDelivery(Delivery delivery, Ownership ownership) {}
