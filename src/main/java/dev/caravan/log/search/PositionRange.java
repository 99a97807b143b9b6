package dev.caravan.log.search;

import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.reading.DeliveryReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The range of positions that contains everything a query can match.
 *
 * <p>There is no index of times: positions grow with time, so a binary search finds one. Deliveries
 * are appended a little out of order, since bodies take time to arrive and clocks are set, or much,
 * where nodes kept some on their own disks; so the range is as much wider at each end, and each
 * time in it must still be compared.
 *
 * @param from the first position
 * @param to the position after the last
 */
public record PositionRange(long from, long to) {
  private static final Duration DISORDER = Duration.ofMinutes(2);

  /**
   * Finds the range of a query.
   *
   * @param end the first position that is not committed yet
   * @param delay as {@link dev.caravan.log.state.LogState#longestDelay} has it
   * @throws IllegalArgumentException for an invalid position in the query
   */
  static PositionRange of(DeliveryQuery query, DeliveryReader reader, long end, Duration delay)
      throws SQLException {
    long disorder = DISORDER.plus(delay).toMillis();
    long low = Math.max(1, query.after() == null ? 1 : position(query.after()) + 1);
    long high = Math.min(end, query.before() == null ? end : position(query.before()));
    if (query.position() != null) {
      NavigableSet<Long> positions = positions(query.position());
      low = Math.max(low, positions.first());
      high = Math.min(high, positions.last() + 1);
    }
    try (PreparedStatement statement =
        reader.prepare(
            "SELECT position, received_at FROM delivery WHERE position >= ? ORDER BY position LIMIT 1")) {
      low = Math.max(low, next(statement, low, high).position());
      if (query.from() != null) {
        low = search(statement, low, high, shifted(query.from(), -disorder));
      }
      if (query.to() != null) {
        high = search(statement, low, high, shifted(query.to(), disorder));
      }
    }
    return new PositionRange(low, Math.max(low, high));
  }

  /** One position, or several with commas between. */
  static NavigableSet<Long> positions(String text) {
    NavigableSet<Long> positions = new TreeSet<>();
    for (String each : text.split(",", -1)) {
      positions.add(position(each.strip()));
    }
    return positions;
  }

  public static long position(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a position.".formatted(text), e);
    }
  }

  private record Found(long position, long receivedAt) {}

  /** The first position received at that time or later. */
  private static long search(PreparedStatement statement, long from, long to, long time)
      throws SQLException {
    long low = from;
    long high = to;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Found found = next(statement, middle, high);
      if (found.position() < high && found.receivedAt() < time) {
        low = found.position() + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The delivery at that position or the next one that is known; {@code end} if there is none. */
  private static Found next(PreparedStatement statement, long position, long end)
      throws SQLException {
    statement.setLong(1, position);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() && row.getLong(1) < end
          ? new Found(row.getLong(1), row.getLong(2))
          : new Found(end, Long.MAX_VALUE);
    }
  }

  private static long shifted(Instant time, long by) {
    long millis = millis(time);
    long most = Long.MAX_VALUE / 2;
    return millis > most || millis < -most ? millis : millis + by; // no overflow at the ends
  }

  /** Milliseconds since 1970, as stored; a time out of range becomes the nearest in range. */
  static long millis(Instant time) {
    long seconds = time.getEpochSecond();
    long most = Long.MAX_VALUE / 1000 - 1;
    return seconds > most
        ? Long.MAX_VALUE
        : seconds < -most
            ? Long.MIN_VALUE
            : Math.addExact(seconds * 1000, time.getNano() / 1_000_000);
  }
}
