package dev.caravan.ingress;

import dev.caravan.log.Delivery;

/**
 * What was read from a payload.
 *
 * @param subject what it is about
 * @param ownership whose it is, which decides what secret may sign it
 */
record PayloadFacts(Delivery.Subject subject, Ownership ownership) {}
