package dev.caravan.log;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * How a log behaves, whatever the engine.
 *
 * @param dedupe what makes a delivery the same as an earlier one
 * @param routeMemory bytes for large bodies that routes work on at once
 * @param routeShare percent of a busy processor that routes get while senders wait for it
 * @param retention how long it keeps what it has accepted
 * @param clock this machine's, by which deliveries are received; measures their age, where no
 *     database tells the time
 * @param nanos measures how long a subscription has been away, as {@link System#nanoTime}
 */
public record LogOptions(
    Dedupe dedupe,
    long routeMemory,
    int routeShare,
    Retention retention,
    InstantSource clock,
    LongSupplier nanos) {

  /** The same with another retention. */
  public LogOptions with(Retention other) {
    return new LogOptions(dedupe, routeMemory, routeShare, other, clock, nanos);
  }
}
