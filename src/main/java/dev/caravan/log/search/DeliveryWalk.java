package dev.caravan.log.search;

import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.Guids;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the deliveries that may match a query, newest or oldest first, a few stretches at a
 * time: from the index as far as it reaches, otherwise made from the rows. Neither has outcomes and
 * texts; those are left to the caller.
 *
 * <p>Not safe for use by several threads. Each read may use another reader.
 */
public final class DeliveryWalk {
  private static final int MOST_STRETCHES = 32;

  private static final String ROWS =
      "SELECT "
          + Stretch.COLUMNS
          + " FROM delivery d WHERE d.position >= ? AND d.position < ? %s ORDER BY d.position";

  /** The few rows with a GUID, found by an index. */
  private static final String OF_GUID =
      """
       AND d.position IN (
        SELECT position FROM delivery WHERE guid = ? AND differs_from IS NULL
        UNION ALL SELECT position FROM delivery WHERE differs_from IN (
          SELECT position FROM delivery WHERE guid = ? AND differs_from IS NULL))""";

  private static final String OF_HOOK = " AND d.sent_by = ?";

  private final DeliveryQuery query;
  private final StretchFilter filter;
  private final boolean newestFirst;
  private final long end;
  private long low;
  private long high;
  private int stretches = 2; // what is asked for is usually near

  /**
   * Finds out where to begin.
   *
   * @param end the first position that is not committed yet
   * @param delay as {@link dev.caravan.log.state.LogState#longestDelay} has it
   * @param newestFirst otherwise oldest first, and without the repeats that differ from the first
   *     unless one is asked for by its position
   */
  DeliveryWalk(
      DeliveryQuery query,
      DeliveryReader reader,
      EventTypes kinds,
      long end,
      Duration delay,
      boolean newestFirst)
      throws SQLException {
    this.query = query;
    this.newestFirst = newestFirst;
    this.end = end;
    this.filter =
        new StretchFilter(
            query, kinds.wanted(query.filter()), newestFirst || query.position() != null);
    PositionRange range = PositionRange.of(query, reader, end, delay);
    this.low = range.from();
    this.high = range.to();
  }

  /**
   * Deliveries of one stretch that may match.
   *
   * @param rows their rows in the stretch
   * @param mayMention whether their payloads must still be searched for the topic
   */
  public record Some(Stretch stretch, BitSet rows, boolean mayMention) {}

  public boolean isOver() {
    return low >= high;
  }

  /** The end of the log when the walk began. */
  long end() {
    return end;
  }

  /** All before this position, in the walk's direction, was read. */
  long reached() {
    return newestFirst ? high : low;
  }

  /** Reads on, in the walk's direction; may find none although the walk is not over. */
  public List<Some> read(DeliveryReader reader) throws SQLException {
    if (query.name() != null) {
      List<Some> found = new ArrayList<>();
      add(rows(reader, low, high), low, high, found);
      low = high;
      return found;
    }
    int span = stretches * Stretch.POSITIONS;
    stretches = Math.min(2 * stretches, MOST_STRETCHES);
    long from =
        newestFirst ? Math.max(low, Stretch.first(high - 1) + Stretch.POSITIONS - span) : low;
    long to = newestFirst ? high : Math.min(high, Stretch.first(low) + span);
    List<Some> found = read(reader, from, to);
    if (newestFirst) {
      Collections.reverse(found);
      high = from;
    } else {
      low = to;
    }
    return found;
  }

  private List<Some> read(DeliveryReader reader, long from, long to) throws SQLException {
    Map<Long, SearchIndex.Found> index =
        to - from <= 1
            ? Map.of()
            : SearchIndex.find(
                reader, Stretch.first(from), to, filter.asksForMentions() ? query.topic() : null);
    List<Some> found = new ArrayList<>();
    for (long first = Stretch.first(from); first < to; first += Stretch.POSITIONS) {
      SearchIndex.Found known = index.get(first);
      long start = Math.max(first, from);
      long stop = Math.min(first + Stretch.POSITIONS, to);
      if (known == null) {
        add(rows(reader, start, stop), start, stop, found);
      } else {
        BitSet rows = filter.rows(known.stretch(), start, stop, known.mentioning());
        if (!rows.isEmpty()) {
          found.add(new Some(known.stretch(), rows, false));
        }
      }
    }
    return found;
  }

  private void add(Stretch stretch, long from, long to, List<Some> found) {
    BitSet rows = filter.rows(stretch, from, to, null);
    if (!rows.isEmpty()) {
      found.add(new Some(stretch, rows, filter.asksForMentions()));
    }
  }

  private static String condition(@Nullable DeliveryName name) {
    return name == null ? "" : name.hook() == null ? OF_GUID : OF_GUID + OF_HOOK;
  }

  private Stretch rows(DeliveryReader reader, long from, long to) throws SQLException {
    DeliveryName name = query.name();
    try (PreparedStatement statement = reader.prepare(ROWS.formatted(condition(name)))) {
      statement.setLong(1, from);
      statement.setLong(2, to);
      if (name != null) {
        statement.setBytes(3, Guids.encode(name.guid()));
        statement.setBytes(4, Guids.encode(name.guid()));
        if (name.hook() != null) {
          statement.setLong(5, name.hook());
        }
      }
      try (ResultSet row = statement.executeQuery()) {
        return StretchRows.read(row);
      }
    }
  }
}
