package dev.caravan.log.search;

import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.tables.EventTypes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps only the deliveries that have the outcome a query asks for: what {@link OutcomeLookup}
 * does, for many neighbours at once.
 */
final class OutcomeSets {
  private final DeliveryQuery query;
  private final @Nullable String subscription;
  private final Subscriptions running;
  private final EventTypes kinds;

  /**
   * @param subscription whose outcome is asked for; null for any
   */
  OutcomeSets(
      DeliveryQuery query, @Nullable String subscription, Subscriptions running, EventTypes kinds) {
    this.query = query;
    this.subscription = subscription;
    this.running = running;
    this.kinds = kinds;
  }

  private record Known(long id, String name) {}

  /** The state of a range of positions in one subscription; the bits are offsets from its start. */
  private record Sets(
      BitSet due, BitSet dead, BitSet wantedDead, BitSet tried, BitSet completed, BitSet failed) {
    Sets() {
      this(new BitSet(), new BitSet(), new BitSet(), new BitSet(), new BitSet(), new BitSet());
    }
  }

  /** The rows of each stretch that have the outcome, in the given order. */
  List<BitSet> narrow(List<DeliveryWalk.Some> chunk, DeliveryReader reader) throws SQLException {
    List<BitSet> found = new ArrayList<>();
    chunk.forEach(some -> found.add(new BitSet()));
    if (chunk.isEmpty()) {
      return found;
    }
    long from = Long.MAX_VALUE;
    long to = 0;
    for (DeliveryWalk.Some some : chunk) {
      from = Math.min(from, some.stretch().position(some.rows().nextSetBit(0)));
      to = Math.max(to, some.stretch().position(some.rows().length() - 1) + 1);
    }
    for (Known known : subscriptions(reader)) {
      // Before the tables, which then have what is finished in between.
      List<BitSet> ahead = ahead(known.name(), chunk);
      Sets sets = read(known.id(), from, to, reader);
      if (running.open(known.name()) == null) {
        sets.due().andNot(sets.dead()); // those were sent again while its route is away
      }
      for (int index = 0; index < chunk.size(); index++) {
        addWanted(chunk.get(index), ahead.get(index), sets, from, found.get(index));
      }
    }
    return found;
  }

  private void addWanted(DeliveryWalk.Some some, BitSet ahead, Sets sets, long from, BitSet found) {
    for (int row = some.rows().nextSetBit(0); row >= 0; row = some.rows().nextSetBit(row + 1)) {
      int offset = (int) (some.stretch().position(row) - from);
      if (isWanted(offset, ahead.get(row), sets)) {
        found.set(row);
      }
    }
  }

  private boolean isWanted(int offset, boolean ahead, Sets sets) {
    boolean due = sets.due().get(offset);
    boolean dead = !due && sets.dead().get(offset);
    boolean waiting = due || (!dead && ahead);
    if (query.deadLetter() != null && !(dead && sets.wantedDead().get(offset))) {
      return false;
    }
    return switch (query.outcome()) {
      case ANY -> waiting || dead || sets.tried().get(offset);
      case WAITING -> waiting;
      case COMPLETED -> !waiting && !dead && sets.completed().get(offset);
      case FAILED -> sets.failed().get(offset);
      case DEAD_LETTER -> dead;
    };
  }

  private List<Known> subscriptions(DeliveryReader reader) throws SQLException {
    List<Known> known = new ArrayList<>();
    try (PreparedStatement statement =
        reader.prepare(
            "SELECT id, name FROM subscription"
                + (subscription == null ? "" : " WHERE name = ?"))) {
      if (subscription != null) {
        statement.setString(1, subscription);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          known.add(new Known(row.getLong(1), row.getString(2)));
        }
      }
    }
    return known;
  }

  /** The rows that a running subscription has yet to run for the first time. */
  private List<BitSet> ahead(String name, List<DeliveryWalk.Some> chunk) throws SQLException {
    Subscriptions.Running dispatcher = running.open(name);
    boolean counts = query.outcome() != Outcome.FAILED && query.deadLetter() == null;
    List<BitSet> ahead = new ArrayList<>();
    StretchFilter filter =
        dispatcher == null
            ? null
            : new StretchFilter(
                DeliveryQuery.ALL.of(dispatcher.filter()), kinds.wanted(dispatcher.filter()), true);
    for (DeliveryWalk.Some some : chunk) {
      Stretch stretch = some.stretch();
      BitSet rows = new BitSet();
      if (counts && filter != null && dispatcher != null) {
        Subscriptions.Progress cursor = dispatcher.progress();
        if (stretch.position(stretch.size() - 1) >= cursor.firstAhead()) {
          rows = filter.rows(stretch, cursor.firstAhead(), Long.MAX_VALUE, null);
          rows.and(some.rows());
          for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            long position = stretch.position(row);
            if (position < cursor.readTo()
                && !dispatcher.isAhead(
                    position, stretch.repositories().get(stretch.repository(row)))) {
              rows.clear(row);
            }
          }
        }
      }
      ahead.add(rows);
    }
    return ahead;
  }

  private Sets read(long id, long from, long to, DeliveryReader reader) throws SQLException {
    Sets sets = new Sets();
    Outcome outcome = query.outcome();
    Statements of = new Statements(reader, id, from, to);
    if (outcome == Outcome.FAILED) {
      of.each(
          "SELECT position FROM attempt WHERE subscription = ? AND position >= ? AND position < ? AND error IS NOT NULL",
          (offset, row) -> sets.failed().set(offset));
      if (query.deadLetter() == null) {
        return sets;
      }
    }
    of.each(
        "SELECT position FROM due WHERE subscription = ? AND position >= ? AND position < ?",
        (offset, row) -> sets.due().set(offset));
    DeadLetterFilter wanted = query.deadLetter();
    of.each(
        "SELECT position, since%s FROM dead_letter WHERE subscription = ? AND position >= ? AND position < ?"
            .formatted(wanted == null ? "" : ", error"),
        (offset, row) -> {
          sets.dead().set(offset);
          if (wanted != null
              && wanted.matches(Instant.ofEpochMilli(row.getLong(2)), row.getString(3))) {
            sets.wantedDead().set(offset);
          }
        });
    if (outcome == Outcome.COMPLETED || (outcome == Outcome.ANY && wanted == null)) {
      of.each(
          "SELECT position FROM completed WHERE subscription = ? AND position >= ? AND position < ?",
          (offset, row) -> {
            sets.tried().set(offset);
            sets.completed().set(offset);
          });
      // In order of attempts: the last one counts. Because of the plus, SQLite takes that order
      // from the key instead of sorting.
      of.each(
          "SELECT position, error IS NULL FROM attempt WHERE +subscription = ? AND position >= ? AND position < ? ORDER BY position, subscription, started_at, number",
          (offset, row) -> {
            sets.tried().set(offset);
            sets.completed().set(offset, row.getBoolean(2));
          });
    }
    return sets;
  }

  /** Reads rows of a subscription between two positions. */
  private record Statements(DeliveryReader reader, long id, long from, long to) {
    @FunctionalInterface
    interface Rows {
      void add(int offset, ResultSet row) throws SQLException;
    }

    void each(String sql, Rows rows) throws SQLException {
      try (PreparedStatement statement = reader.prepare(sql)) {
        statement.setLong(1, id);
        statement.setLong(2, from);
        statement.setLong(3, to);
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            rows.add((int) (row.getLong(1) - from), row);
          }
        }
      }
    }
  }
}
