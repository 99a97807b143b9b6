package dev.caravan.log.dispatch;

import dev.caravan.log.subscription.EventFilter;
import java.util.List;

/**
 * What a subscription wants to be read.
 *
 * @param unfinished positions that it left unfinished when it last ran; empty except the first time
 * @param due whether due deliveries are to be read
 * @param furthest a retry due later than this is due now: it was written before the clock was set
 *     back; {@link Long#MAX_VALUE} when it was not
 * @param holding whether those that hold up their lanes are to be read too
 * @param dueAtOnce how many due deliveries it has already
 * @param flushes how many flushes there have been; an answer is dropped if there were more
 *     meanwhile
 * @param entries whether deliveries are to be read from {@code from} on
 */
public record ReadRequest(
    List<Long> unfinished,
    boolean due,
    long furthest,
    boolean holding,
    int dueAtOnce,
    long flushes,
    boolean entries,
    long from,
    EventFilter filter) {
  /** Nothing is wanted. */
  public static final ReadRequest NOTHING =
      new ReadRequest(List.of(), false, 0, false, 0, 0, false, 0, EventFilter.parse("*", null));
}
