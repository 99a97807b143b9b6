package dev.caravan.log.sqlite;

import dev.caravan.log.DeliveryName;
import dev.caravan.log.DeliveryPage;
import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.DeliverySummary;
import dev.caravan.log.SubscriptionOutcome;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscriptions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Finds the deliveries a query asks for. Safe for use by many threads. */
final class DeliverySearch {
  /** Where a page ends although it is not full: a bound of its time. */
  private static final long MOST_POSITIONS = 200_000;

  private static final long MOST_BYTES = 64L << 20;

  private static final String SAME_GUID =
      "SELECT 1 FROM delivery WHERE guid = ? AND differs_from IS NULL LIMIT 2";

  private final RunningSubscriptions running;
  private final Kinds kinds;
  private final LongSupplier end;

  /**
   * @param end the first position that is not committed yet
   */
  DeliverySearch(RunningSubscriptions running, Kinds kinds, LongSupplier end) {
    this.running = running;
    this.kinds = kinds;
    this.end = end;
  }

  /** Begins a walk over the deliveries in question. */
  DeliveryScan scan(DeliveryQuery query, LogReader reader, boolean newestFirst)
      throws SQLException {
    // Asked before the end: what is ahead of a cursor then is not missed later.
    OptionalLong ahead = firstAhead(query.subscription());
    Long subscription = query.subscription() == null ? null : id(query.subscription(), reader);
    return new DeliveryScan(
        query,
        reader,
        kinds,
        end.getAsLong(),
        newestFirst,
        OutcomeCondition.of(query, subscription, ahead));
  }

  OutcomeLookup outcomes(LogReader reader) throws SQLException {
    return new OutcomeLookup(reader, running);
  }

  /** The newest of them. */
  DeliveryPage page(DeliveryQuery query, int most, LogReader reader) throws SQLException {
    DeliveryScan scan = scan(query, reader, true);
    DeliveryMatch match = new DeliveryMatch(query);
    String newest = Long.toString(scan.end() - 1);
    long from = scan.reached();
    List<DeliverySummary> page = new ArrayList<>();
    try (OutcomeLookup lookup = outcomes(reader);
        PreparedStatement sameGuid = reader.prepare(SAME_GUID)) {
      while (!scan.isOver()) {
        for (FoundDelivery found : scan.read(reader)) {
          if (applies(match, found, lookup, reader)) {
            page.add(summary(found, lookup.of(found.entry()).outcomes(), sameGuid));
          }
          if (page.size() >= most || match.bytesRead() >= MOST_BYTES) {
            return new DeliveryPage(page, Long.toString(found.position()), newest);
          }
        }
        if (from - scan.reached() >= MOST_POSITIONS && !scan.isOver()) {
          return new DeliveryPage(page, Long.toString(scan.reached()), newest);
        }
      }
    }
    return new DeliveryPage(page, null, newest);
  }

  /** How many there are; gives up when the thread is interrupted. */
  long count(DeliveryQuery query, LogReader reader) throws SQLException {
    DeliveryScan scan = scan(query, reader, true);
    DeliveryMatch match = new DeliveryMatch(query);
    long count = 0;
    try (OutcomeLookup lookup = outcomes(reader)) {
      while (!scan.isOver()) {
        for (FoundDelivery found : scan.read(reader)) {
          if (Thread.interrupted()) {
            throw new SQLException("interrupted while counting deliveries");
          }
          if (applies(match, found, lookup, reader)) {
            count++;
          }
        }
      }
    }
    return count;
  }

  private static boolean applies(
      DeliveryMatch match, FoundDelivery found, OutcomeLookup lookup, LogReader reader)
      throws SQLException {
    return (!match.asksForOutcome() || match.hasOutcome(lookup.of(found.entry())))
        && match.hasSubject(found, reader)
        && match.hasText(found, reader);
  }

  private OptionalLong firstAhead(@Nullable String subscription) {
    return running.open().stream()
        .filter(dispatcher -> subscription == null || dispatcher.name().equals(subscription))
        .mapToLong(dispatcher -> dispatcher.progress().firstAhead())
        .min();
  }

  /** The subscription's number; one that no row has for a name that is unknown. */
  private static long id(String subscription, LogReader reader) throws SQLException {
    try (PreparedStatement statement =
        reader.prepare("SELECT id FROM subscription WHERE name = ?")) {
      statement.setString(1, subscription);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }

  private static DeliverySummary summary(
      FoundDelivery found, List<SubscriptionOutcome> outcomes, PreparedStatement sameGuid)
      throws SQLException {
    Envelope entry = found.entry();
    return new DeliverySummary(
        Long.toString(entry.position()),
        found.guid(),
        new DeliveryName(found.guid(), isOfSeveral(found, sameGuid) ? found.hook() : null),
        found.hook(),
        entry.event(),
        entry.subject().action(),
        entry.subject().repository(),
        entry.subject().sender(),
        entry.subject().thread(),
        Instant.ofEpochMilli(found.receivedAt()),
        entry.length(),
        found.repeats(),
        found.differs(),
        outcomes);
  }

  /** Whether several hooks sent deliveries of their own under the GUID. */
  private static boolean isOfSeveral(FoundDelivery found, PreparedStatement sameGuid)
      throws SQLException {
    sameGuid.setBytes(1, Guids.encode(found.guid()));
    int count = 0;
    try (ResultSet row = sameGuid.executeQuery()) {
      while (row.next()) {
        count++;
      }
    }
    return count > 1;
  }
}
