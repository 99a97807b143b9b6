package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.tables.StoredSubscription;
import dev.caravan.wording.Count;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many deliveries a subscription never ran because retention deleted their bodies while it was
 * idle.
 *
 * @param known how many of the events it wants, in any repository
 * @param forgotten how many of any event, about which nothing is known any more
 */
record SkippedDeliveries(long known, long forgotten) {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  static final SkippedDeliveries NONE = new SkippedDeliveries(0, 0);

  /**
   * Counts them; reads no rows of deliveries, only indexes.
   *
   * @param kinds the kinds it wants, or null for all
   */
  static SkippedDeliveries count(
      DeliveryReader reader, StoredSubscription stored, long to, @Nullable List<Integer> kinds)
      throws SQLException {
    long from = stored.next();
    long oldest =
        number(reader, "SELECT ifnull(min(position), ?) FROM delivery WHERE position > 0", to);
    long dead =
        number(
            reader,
            "SELECT count(*) FROM dead_letter WHERE subscription = ? AND position >= ? AND position < ?",
            stored.id(),
            from,
            to);
    return new SkippedDeliveries(
        stored.unfinished().size() + Math.max(0, count(reader, from, to, kinds) - dead),
        Math.max(0, Math.min(oldest, to) - from));
  }

  /** Logs one line if there are any. */
  void report(String subscription) {
    if (known > 0 || forgotten > 0) {
      LOG.warn(
          "Subscription \"{}\" was away for so long that the log no longer keeps {} it had not run{}. It continues after them; a redelivery from GitHub runs one.",
          subscription,
          Count.of(known, "delivery"),
          forgotten > 0 ? ", and whichever it wanted of " + forgotten + " older ones" : "");
    }
  }

  private static long count(
      DeliveryReader reader, long from, long to, @Nullable List<Integer> kinds)
      throws SQLException {
    String ofKinds =
        kinds == null
            ? ""
            : " AND kind IN (" + String.join(",", Collections.nCopies(kinds.size(), "?")) + ")";
    List<Long> values = new ArrayList<>(List.of(from, to));
    if (kinds != null) {
      kinds.forEach(kind -> values.add(kind.longValue()));
    }
    return number(
        reader,
        "SELECT count(*) FROM delivery INDEXED BY delivery_kind WHERE position >= ? AND position < ?"
            + ofKinds,
        values.stream().mapToLong(Long::longValue).toArray());
  }

  private static long number(DeliveryReader reader, String sql, long... values)
      throws SQLException {
    try (PreparedStatement statement = reader.prepare(sql)) {
      for (int index = 0; index < values.length; index++) {
        statement.setLong(index + 1, values[index]);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.getLong(1);
      }
    }
  }
}
