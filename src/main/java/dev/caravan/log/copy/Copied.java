package dev.caravan.log.copy;

/**
 * What was copied.
 *
 * @param damaged payloads that do not match their checksum
 */
public record Copied(long deliveries, long payloads, long damaged) {}
