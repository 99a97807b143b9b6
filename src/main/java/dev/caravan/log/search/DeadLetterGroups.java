package dev.caravan.log.search;

import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeadLetterGroup;
import dev.caravan.log.reading.DeliveryReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups dead letters whose errors differ only in numbers. */
public final class DeadLetterGroups {
  private static final String BY_ERROR =
      """
      SELECT s.name, l.error, count(*), min(l.since), max(l.since)
      FROM dead_letter l JOIN subscription s ON s.id = l.subscription GROUP BY s.id, l.error""";

  private DeadLetterGroups() {}

  private record Kind(String subscription, String error) {}

  public static List<DeadLetterGroup> read(DeliveryReader reader) throws SQLException {
    Map<Kind, DeadLetterGroup> groups = new HashMap<>();
    try (PreparedStatement statement = reader.prepare(BY_ERROR);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        String error = row.getString(2);
        DeadLetterGroup group =
            new DeadLetterGroup(
                row.getString(1),
                DeadLetterFilter.withoutNumbers(error),
                error,
                row.getLong(3),
                Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)));
        groups.merge(
            new Kind(group.subscription(), group.error()), group, DeadLetterGroups::together);
      }
    }
    return groups.values().stream()
        .sorted(
            Comparator.comparingLong(DeadLetterGroup::count)
                .reversed()
                .thenComparing(DeadLetterGroup::subscription)
                .thenComparing(DeadLetterGroup::error))
        .toList();
  }

  private static DeadLetterGroup together(DeadLetterGroup one, DeadLetterGroup other) {
    DeadLetterGroup newer = one.newest().isBefore(other.newest()) ? other : one;
    Instant oldest = one.oldest().isBefore(other.oldest()) ? one.oldest() : other.oldest();
    return new DeadLetterGroup(
        one.subscription(),
        one.error(),
        newer.example(),
        one.count() + other.count(),
        oldest,
        newer.newest());
  }
}
