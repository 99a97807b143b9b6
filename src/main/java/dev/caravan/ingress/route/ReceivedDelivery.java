package dev.caravan.ingress.route;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.Ownership;

/**
 * A received delivery, with what decides whether its secret may sign it.
 *
 * @param ownership whose the payload is
 */
public record ReceivedDelivery(Delivery delivery, Ownership ownership) {}
