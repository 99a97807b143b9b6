package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryName;
import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.dispatch.Envelope;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the deliveries that may be what a query asks for, newest or oldest first, a short read
 * at a time. What is in no index, texts and outcomes, is left to {@link DeliveryMatch}.
 *
 * <p>Not safe for use by several threads. A read may be asked of another reader each time.
 */
final class DeliveryScan {
  /** How many positions one read looks at, at the most: a bound of its time. */
  private static final int STRETCH = 4096;

  /** How many deliveries one read returns, at the most: a bound of its memory. */
  private static final int AT_ONCE = 256;

  private final DeliveryQuery query;
  private final Kinds kinds;
  private final boolean newestFirst;
  private final String sql;
  private final List<Object> values = new ArrayList<>();
  private final long end;
  private long low;
  private long high;
  private boolean over;

  /**
   * Finds out where to begin.
   *
   * @param end the first position that is not committed yet
   * @param newestFirst else oldest first, and without the repeats that differ from the first,
   *     unless one is asked for by its position
   * @param narrowed a condition that deliveries in question fulfil, or null
   */
  DeliveryScan(
      DeliveryQuery query,
      LogReader reader,
      Kinds kinds,
      long end,
      boolean newestFirst,
      @Nullable String narrowed)
      throws SQLException {
    this.query = query;
    this.kinds = kinds;
    this.newestFirst = newestFirst;
    this.end = end;
    PositionRange range = PositionRange.of(query, reader, end);
    this.low = range.from();
    this.high = range.to();
    this.sql = sql(narrowed);
    this.over = low >= high;
  }

  boolean isOver() {
    return over;
  }

  /** The end of the log when the scan began. */
  long end() {
    return end;
  }

  /** All before it, seen in the scan's direction, was read. */
  long reached() {
    return newestFirst ? high : low;
  }

  /** Reads on; what it returns may be empty before the scan is over. */
  List<FoundDelivery> read(LogReader reader) throws SQLException {
    long stretch = query.name() == null ? STRETCH : high - low; // a GUID is in an index
    long from = newestFirst ? Math.max(low, high - stretch) : low;
    long to = newestFirst ? high : Math.min(high, low + stretch);
    List<FoundDelivery> found = new ArrayList<>();
    long last = 0;
    int rows = 0;
    try (PreparedStatement statement = reader.prepare(sql)) {
      statement.setLong(1, from);
      statement.setLong(2, to);
      for (int index = 0; index < values.size(); index++) {
        statement.setObject(index + 3, values.get(index));
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows++;
          last = row.getLong(1);
          if (query.filter().wantsRepository(row.getString(3))) {
            found.add(delivery(row));
          }
        }
      }
    }
    boolean all = rows < AT_ONCE;
    if (newestFirst) {
      high = all ? from : last;
    } else {
      low = all ? to : last + 1;
    }
    over = low >= high;
    return found;
  }

  private String sql(@Nullable String narrowed) {
    StringBuilder text =
        new StringBuilder(
            """
            SELECT d.position, d.kind, d.repository, d.organization, d.installation, d.sender,
              d.thread, d.length, d.guid, d.received_at, d.repeats, d.differs_from IS NOT NULL, d.sent_by
            FROM delivery d WHERE d.position >= ? AND d.position < ?""");
    if (query.from() != null) {
      text.append(" AND d.received_at >= ?");
      values.add(PositionRange.millis(query.from()));
    }
    if (query.to() != null) {
      text.append(" AND d.received_at < ?");
      values.add(PositionRange.millis(query.to()));
    }
    DeliveryName name = query.name();
    if (name != null) {
      text.append(
          """
           AND d.position IN (
            SELECT position FROM delivery WHERE guid = ? AND differs_from IS NULL
            UNION ALL SELECT position FROM delivery WHERE differs_from IN (
              SELECT position FROM delivery WHERE guid = ? AND differs_from IS NULL))""");
      values.add(Guids.encode(name.guid()));
      values.add(Guids.encode(name.guid()));
      if (name.hook() != null) {
        text.append(" AND d.sent_by = ?");
        values.add(name.hook());
      }
    }
    List<Integer> wanted = kinds.wanted(query.filter());
    if (wanted != null) {
      text.append(" AND d.kind IN (")
          .append(String.join(",", wanted.stream().map(String::valueOf).toList()))
          .append(')');
    }
    if (!newestFirst && query.position() == null) {
      text.append(" AND d.differs_from IS NULL");
    }
    if (narrowed != null) {
      text.append(" AND ").append(narrowed);
    }
    return text.append(" ORDER BY d.position ")
        .append(newestFirst ? "DESC" : "ASC")
        .append(" LIMIT ")
        .append(AT_ONCE)
        .toString();
  }

  private FoundDelivery delivery(ResultSet row) throws SQLException {
    Kinds.Kind kind = kinds.kind(row.getInt(2));
    Delivery.Subject subject =
        new Delivery.Subject(
            kind.action(),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            row.getString(7));
    long sentBy = row.getLong(13);
    return new FoundDelivery(
        new Envelope(row.getLong(1), kind.event(), subject, row.getInt(8)),
        Guids.decode(row.getBytes(9)),
        row.wasNull() || sentBy == Append.NO_HOOK ? null : sentBy,
        row.getLong(10),
        row.getInt(11),
        row.getBoolean(12));
  }
}
