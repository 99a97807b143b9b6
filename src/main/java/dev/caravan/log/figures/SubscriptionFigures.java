package dev.caravan.log.figures;

/**
 * The figures of a subscription. Those of attempts begin when the log is opened.
 *
 * @param lag deliveries it has yet to run for the first time; 0 while it is idle. From {@link
 *     #MOST_COUNTED} on it is an upper bound, which includes deliveries it does not want
 * @param lagSeconds the age of the oldest of those; 0 without one
 * @param due deliveries that will run again, at most {@link #MOST_COUNTED}
 * @param retries those of them that have failed, among the first {@link #MOST_COUNTED}
 * @param unfinishedSeconds the age of the oldest delivery that is not finished, whether it has yet
 *     to run for the first time or waits for a retry; 0 without one. A replay counts from its first
 *     attempt
 * @param failingSeconds how long most attempts have been failing, or the last one did, with no
 *     success since; 0 while it works
 * @param circuitOpen whether nothing runs but one attempt at a time, after failures in a row
 * @param deadLetters deliveries it has given up on, at most {@link #MOST_COUNTED}
 * @param inWork attempts whose outcome is not known yet
 * @param attempts how long attempts took, in seconds
 * @param failures attempts that failed
 */
public record SubscriptionFigures(
    String name,
    boolean running,
    boolean paused,
    long lag,
    double lagSeconds,
    long due,
    long retries,
    double unfinishedSeconds,
    double failingSeconds,
    boolean circuitOpen,
    long deadLetters,
    int inWork,
    Distribution attempts,
    long failures) {
  /**
   * The most of anything that is counted one by one, which takes about ten milliseconds: a monitor
   * that asks four times a minute must not read a backlog of a million each time.
   */
  public static final int MOST_COUNTED = 20_000;

  /** The other ones of {@link #due}: replays, and what GitHub has sent again. */
  public long replays() {
    return due - retries;
  }
}
