package dev.caravan.log.shipping;

import java.time.Duration;

/**
 * How a log is shipped.
 *
 * @param every how long changes wait
 * @param base how old a copy of the whole file gets before a new one is made
 * @param kept how many of those copies, with what follows each, are kept
 * @param bytesPerSecond how fast the file is read for one
 */
public record ShippingOptions(Duration every, Duration base, int kept, long bytesPerSecond) {}
