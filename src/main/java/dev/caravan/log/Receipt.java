package dev.caravan.log;

/**
 * The log's receipt for a delivery: proof that it is on disk. Whether it was seen before is not
 * part of it: some engines learn that only later.
 *
 * @param guid the delivery's GUID
 * @param position where it is; opaque to everyone but the engine
 */
public record Receipt(String guid, String position) {}
