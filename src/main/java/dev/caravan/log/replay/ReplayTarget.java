package dev.caravan.log.replay;

/**
 * A subscription that a replay goes to. Its route may come and go meanwhile: what runs under its
 * name is looked up each time.
 *
 * @param id the number of its row
 */
public record ReplayTarget(long id, String name) {}
