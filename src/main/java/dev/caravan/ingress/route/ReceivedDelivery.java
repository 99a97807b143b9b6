package dev.caravan.ingress.route;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.Ownership;

/**
 * A delivery as it came in, with what decides whether its secret may sign it.
 *
 * @param ownership whose the payload is
 */
public record ReceivedDelivery(Delivery delivery, Ownership ownership) {}
