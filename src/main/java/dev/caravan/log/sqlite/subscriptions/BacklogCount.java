package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Backlog;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.tables.EventTypes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Counts what a subscription that runs in this process has yet to run for the first time. */
final class BacklogCount {
  private BacklogCount() {}

  /** The deliveries between a cursor and the end of the log. */
  private record Unread(long deliveries, long first) {}

  /**
   * Counts.
   *
   * @param end the first position that is not committed yet
   * @param most how many deliveries to look at; if there are more, all that the subscription has
   *     not read count, wanted or not
   */
  static Backlog of(
      Subscriptions.Running dispatcher,
      EventTypes kinds,
      DeliveryReader reader,
      long end,
      long most)
      throws SQLException {
    Subscriptions.Progress cursor = dispatcher.progress();
    Unread unread = unread(dispatcher.filter(), kinds, reader, cursor.readTo(), end, most);
    long deliveries = cursor.unfinished() + unread.deliveries();
    long oldest = cursor.unfinished() > 0 ? cursor.firstAhead() : unread.first();
    return Backlog.of(deliveries, oldest, reader);
  }

  /** Counts by repository, of which there are few: a glob is compared only with those. */
  private static Unread unread(
      EventFilter filter, EventTypes kinds, DeliveryReader reader, long from, long end, long most)
      throws SQLException {
    List<Integer> wanted = kinds.wanted(filter);
    String sql =
        "SELECT repository, count(*), min(position) FROM (SELECT repository, position FROM delivery"
            + " WHERE position >= ? AND position < ? AND differs_from IS NULL"
            + (wanted == null
                ? ""
                : " AND kind IN ("
                    + String.join(",", wanted.stream().map(String::valueOf).toList())
                    + ")")
            + " LIMIT ?)"
            + (filter.repository() == null ? " HAVING count(*) > 0" : " GROUP BY repository");
    long looked = 0;
    long deliveries = 0;
    long first = Long.MAX_VALUE;
    try (PreparedStatement statement = reader.prepare(sql)) {
      statement.setLong(1, from);
      statement.setLong(2, end);
      statement.setLong(3, most);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          looked += row.getLong(2);
          if (filter.repository() == null || filter.wantsRepository(row.getString(1))) {
            deliveries += row.getLong(2);
            first = Math.min(first, row.getLong(3));
          }
        }
      }
    }
    return looked < most ? new Unread(deliveries, first) : new Unread(end - from, from);
  }
}
