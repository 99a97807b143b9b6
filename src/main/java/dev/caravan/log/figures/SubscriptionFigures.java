package dev.caravan.log.figures;

/**
 * The figures of a subscription. Those of attempts begin when the log is opened.
 *
 * @param lag deliveries it has yet to run for the first time; 0 while it is idle. From {@link
 *     #MOST_COUNTED} on it stands for at most so many: those that it does not want are in it
 * @param lagSeconds the age of the oldest of those; 0 without one
 * @param due deliveries that are to run again, at most {@link #MOST_COUNTED}
 * @param retries those of them that have failed and are tried again, among the first {@link
 *     #MOST_COUNTED}
 * @param unfinishedSeconds the age of the oldest delivery that is not finished, whether it has yet
 *     to run for the first time or waits for a retry; 0 without one. Of what is replayed, since
 *     that ran first
 * @param failingSeconds how long most attempts have been failing, or the last one did, with nothing
 *     that worked since; 0 while it works
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
   * The most that is counted one by one of anything, about ten milliseconds: whoever asks for these
   * figures four times a minute is not to read a backlog of a million each time.
   */
  public static final int MOST_COUNTED = 20_000;

  /** Those of {@link #due} that were asked for: replays, and what GitHub has sent again. */
  public long replays() {
    return due - retries;
  }
}
