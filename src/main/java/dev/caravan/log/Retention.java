package dev.caravan.log;

import java.time.Duration;

/**
 * How long the log keeps what it has accepted.
 *
 * @param age how long bodies and attempts are kept at most
 * @param size bytes the file may hold before the oldest bodies are deleted earlier than that
 */
public record Retention(Duration age, long size) {
  public static final Duration SHORTEST_AGE = Duration.ofHours(1);

  /** For ever; with more, a time so long ago cannot be told in milliseconds. */
  public static final Duration LONGEST_AGE = Duration.ofDays(999_999_999);

  public static final long SMALLEST_SIZE = 16L << 20;

  /** GitHub can redeliver for three days, and GitHub Enterprise Server for seven. */
  public static final Retention DEFAULT = new Retention(Duration.ofDays(7), 10L << 30);

  /** Longer than GitHub can redeliver: a redelivery always finds the first delivery. */
  private static final Duration GUIDS_KEPT = Duration.ofDays(8);

  public Retention {
    if (age.compareTo(SHORTEST_AGE) < 0 || age.compareTo(LONGEST_AGE) > 0) {
      throw new IllegalArgumentException("age must be from an hour to 999999999 days, was " + age);
    }
    if (size < SMALLEST_SIZE) {
      throw new IllegalArgumentException("size must be at least 16 MiB, was " + size);
    }
  }

  /** How long a delivery's GUID is remembered, whatever happens to its body. */
  public Duration guidAge() {
    return age.compareTo(GUIDS_KEPT) > 0 ? age : GUIDS_KEPT;
  }
}
