package dev.caravan.log.shipping;

import java.time.Duration;

/**
 * How a log is shipped.
 *
 * @param every how long changes wait at most
 * @param base how old a copy of the whole file gets before a new one is made
 * @param kept how many of those copies, each with the changes after it, are kept
 * @param bytesPerSecond how fast the file is read for a copy
 */
public record ShippingOptions(Duration every, Duration base, int kept, long bytesPerSecond) {}
