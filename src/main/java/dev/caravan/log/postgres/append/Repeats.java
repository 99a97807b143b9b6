package dev.caravan.log.postgres.append;

import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.Guids;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.log.tables.RepeatLines;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a delivery with a known GUID is: the same sent again, one written a moment ago by a
 * call whose answer never arrived, the copy for another hook, or one with another payload.
 */
public final class Repeats {
  private static final String SAME_GUID =
      """
      SELECT position, hook, sent_by, checksum, received_at FROM delivery
      WHERE guid = ? AND differs_from IS NULL AND (? = 0 OR hook = ?) ORDER BY position""";
  private static final String DIFFERING =
      "SELECT position FROM delivery WHERE differs_from = ? AND checksum = ? LIMIT 1";
  private static final String SAME_CONTENT =
      "SELECT position, guid FROM delivery WHERE digest = ? ORDER BY position LIMIT 1";
  private static final int MOST_TRIES = 5;

  private final AppendCall append;
  private final LogCounters counters;

  Repeats(AppendCall append, LogCounters counters) {
    this.append = append;
    this.counters = counters;
  }

  private record Known(long position, long hook, long sentBy, int checksum, long receivedAt) {
    boolean isFrom(long sender) {
      return sentBy == sender;
    }
  }

  /**
   * Where it is in the log.
   *
   * @param isNew whether subscriptions get it as a new delivery
   * @param again to be counted there, and to run where it has not been completed; null for none
   */
  record Place(long position, boolean isNew, @Nullable Revival again) {
    Place(long position, boolean isNew) {
      this(position, isNew, null);
    }
  }

  /**
   * Takes deliveries that {@link AppendCall} found to be stored already.
   *
   * @param connection with auto-commit
   * @param same one or more with one GUID and one payload
   * @param mayBeOurs whether an earlier call may have written the first of them
   */
  Place take(Connection connection, List<Append> same, boolean mayBeOurs) throws SQLException {
    Append first = same.get(0);
    Place copy = copy(connection, same);
    if (copy != null) {
      return copy;
    }
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Place place = take(connection, same, first, mayBeOurs);
      if (place != null) {
        return place;
      }
    }
    throw new SQLException("a delivery's place in the log is taken, and cannot be found");
  }

  private @Nullable Place take(
      Connection connection, List<Append> same, Append first, boolean mayBeOurs)
      throws SQLException {
    NewDelivery added = first.added();
    List<Known> known = sameGuid(connection, added);
    for (Known each : known) {
      if (each.checksum() == added.checksum()) {
        boolean ours =
            mayBeOurs && each.receivedAt() == first.receivedAt() && each.isFrom(added.sentBy());
        int times = same.size() - (ours ? 1 : 0);
        Revival again =
            times == 0 ? null : new Revival(same, each.position(), times, known.size() > 1);
        return new Place(each.position(), false, again);
      }
    }
    for (Known each : known) {
      if (each.isFrom(added.sentBy())) {
        counters.differing.add(same.size());
        return differing(connection, same, first, each.position());
      }
    }
    AppendCall.Appended appended =
        append.run(connection, List.of(new AppendCall.Row(first, added.sentBy(), null)));
    return appended.added().isEmpty() ? null : new Place(appended.first(), true);
  }

  private Place differing(Connection connection, List<Append> same, Append first, long of)
      throws SQLException {
    Long kept = null;
    try (PreparedStatement select = connection.prepareStatement(DIFFERING)) {
      select.setLong(1, of);
      select.setInt(2, first.added().checksum());
      try (ResultSet row = select.executeQuery()) {
        kept = row.next() ? row.getLong(1) : null;
      }
    }
    int times = same.size();
    if (kept == null) {
      AppendCall.Row row = new AppendCall.Row(first, first.added().hook(), of);
      kept = append.run(connection, List.of(row)).first();
      RepeatLines.differing(first.added().delivery(), kept);
      times--;
    }
    if (times > 0) {
      RepeatCount.add(connection, first, kept, times);
    }
    return new Place(kept, false);
  }

  /** The place of the same payload under another GUID, if such copies are not to run; else null. */
  private @Nullable Place copy(Connection connection, List<Append> same) throws SQLException {
    Append first = same.get(0);
    if (first.added().digest() == null) {
      return null;
    }
    try (PreparedStatement select = connection.prepareStatement(SAME_CONTENT)) {
      select.setBytes(1, first.added().digest());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        String guid = Guids.decode(row.getBytes(2));
        if (guid.equals(first.added().delivery().guid())) {
          return null;
        }
        counters.copies.add(same.size());
        RepeatLines.copy(first.added().delivery(), guid);
        return new Place(row.getLong(1), false);
      }
    }
  }

  private static List<Known> sameGuid(Connection connection, NewDelivery added)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SAME_GUID)) {
      select.setBytes(1, added.guid());
      select.setLong(2, added.hook());
      select.setLong(3, added.hook());
      List<Known> known = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          known.add(
              new Known(
                  row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getLong(5)));
        }
      }
      return known;
    }
  }
}
