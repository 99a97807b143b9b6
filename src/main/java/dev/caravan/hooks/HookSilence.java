package dev.caravan.hooks;

/**
 * What is known of one hook about how long it is usually silent. For many threads.
 *
 * <p>A hook of a busy repository is suspect after a day, that of a quarterly release only after
 * months: so each is compared with its own longest pause. A pause counts for half after two weeks,
 * so that one summer's holidays do not hide a dead hook for ever.
 */
final class HookSilence {
  private static final long PRECISION = 1_000;
  private static final long DAY = 86_400_000;
  private static final double HALF_LIFE = 14.0 * DAY;
  private static final int MOST_TIMES_USUAL = 3;
  private static final long KNOWN_AFTER = 7 * DAY;
  private static final long FORGOTTEN_AFTER = 30 * DAY;

  private final String owner;
  private final long since;
  private volatile long last;
  private double longestPause;

  /**
   * @param owner the organisation or user whose repository sent first
   * @param since when that was, in milliseconds since 1970, as all times here
   */
  HookSilence(String owner, long since, long last, double longestPause) {
    this.owner = owner;
    this.since = since;
    this.last = last;
    this.longestPause = longestPause;
  }

  String owner() {
    return owner;
  }

  long last() {
    return last;
  }

  void sent(long now) {
    if (now - last >= PRECISION) { // a write that all loops share, not for every delivery
      sentAfterPause(now);
    }
  }

  private synchronized void sentAfterPause(long now) {
    long pause = now - last;
    if (pause > 0) {
      longestPause = Math.max((double) pause, longestPause * Math.pow(0.5, pause / HALF_LIFE));
      last = now;
    }
  }

  /** Whether it has sent nothing for much longer than is usual for it. */
  synchronized boolean isSilent(long now) {
    return last - since >= KNOWN_AFTER
        && now - last > Math.max(DAY, (long) (MOST_TIMES_USUAL * longestPause));
  }

  /** Whether it has been silent for so long that somebody must have removed it on purpose. */
  synchronized boolean isForgotten(long now) {
    return now - last > Math.max(FORGOTTEN_AFTER, (long) (2 * MOST_TIMES_USUAL * longestPause));
  }

  /** As a line of a file, and back. */
  synchronized String asText() {
    return owner + " " + since + " " + last + " " + (long) longestPause;
  }

  /**
   * @throws IllegalArgumentException when it is not such a text
   */
  static HookSilence of(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not a hook: " + text);
    }
    return new HookSilence(
        parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
  }
}
