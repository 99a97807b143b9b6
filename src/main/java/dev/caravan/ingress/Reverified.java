package dev.caravan.ingress;

/**
 * The result of verifying refused requests again.
 *
 * @param accepted those that pass now, and are in the delivery log
 * @param refused those that still do not pass
 * @param failed those that pass, but could not be written; they are kept for another try
 */
public record Reverified(int accepted, int refused, int failed) {}
