package dev.caravan.log.copy;

/**
 * What was copied.
 *
 * @param damaged payloads that do not match their checksum
 * @param replays replays that had yet to find some of their deliveries, and were not copied
 */
public record Copied(long deliveries, long payloads, long damaged, long replays) {}
