package dev.caravan.log.copy;

/**
 * What was copied.
 *
 * @param damaged payloads that are not what was sent
 */
public record Copied(long deliveries, long payloads, long damaged) {}
