package dev.caravan.log.search;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.Guids;
import dev.caravan.log.tables.NewDelivery;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks up found deliveries, one by one. For one thread, as long as its reader is lent. */
public final class SearchHits implements AutoCloseable {
  private final EventTypes kinds;
  private final Subscriptions subscriptions;
  private final OutcomeLookup outcomes;
  private final PreparedStatement row;
  private final PreparedStatement sameGuid;

  SearchHits(DeliveryReader reader, EventTypes kinds, Subscriptions subscriptions)
      throws SQLException {
    this.kinds = kinds;
    this.subscriptions = subscriptions;
    this.outcomes = new OutcomeLookup(reader, subscriptions);
    this.row =
        reader.prepare(
            "SELECT "
                + EnvelopeRow.COLUMNS
                + ", d.guid, d.received_at, d.repeats, d.differs_from IS NOT NULL, d.sent_by"
                + " FROM delivery d WHERE d.position = ?");
    this.sameGuid =
        reader.prepare(
            "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE guid = ? AND differs_from IS NULL LIMIT 2) AS same");
  }

  /** The state of the subscriptions, as of now or of the beginning of the search. */
  public Subscriptions subscriptions() {
    return subscriptions;
  }

  /** The delivery at that position, or null when it is forgotten or has another outcome by now. */
  @Nullable DeliverySummary find(long position, DeliveryMatch match) throws SQLException {
    row.setLong(1, position);
    try (ResultSet found = row.executeQuery()) {
      if (!found.next()) {
        return null;
      }
      Envelope entry = EnvelopeRow.read(found, kinds);
      OutcomeLookup.Found became = outcomes.of(entry);
      return match.hasOutcome(became) ? summary(found, entry, became.outcomes()) : null;
    }
  }

  /**
   * The rows of each stretch that have the outcome asked for.
   *
   * @param subscription whose outcome that is; null for any
   */
  List<BitSet> withOutcome(
      DeliveryMatch match, @Nullable String subscription, List<DeliveryWalk.Some> chunk)
      throws SQLException {
    List<BitSet> found = new ArrayList<>();
    for (DeliveryWalk.Some some : chunk) {
      BitSet rows = new BitSet();
      for (int each = some.rows().nextSetBit(0);
          each >= 0;
          each = some.rows().nextSetBit(each + 1)) {
        OutcomeLookup.Found became = outcomes.of(entry(some.stretch(), each));
        rows.set(each, match.hasOutcomeOf(subscription, became));
      }
      found.add(rows);
    }
    return found;
  }

  private Envelope entry(Stretch stretch, int each) {
    EventTypes.EventType kind = kinds.kind(stretch.kinds().get(stretch.kind(each)));
    return new Envelope(
        stretch.position(each),
        kind.event(),
        new Delivery.Subject(
            kind.action(),
            stretch.repositories().get(stretch.repository(each)),
            null,
            null,
            stretch.senders().get(stretch.sender(each)),
            stretch.threads().get(stretch.thread(each))),
        0);
  }

  private DeliverySummary summary(ResultSet found, Envelope entry, List<SubscriptionOutcome> became)
      throws SQLException {
    byte[] guid = found.getBytes(9);
    String text = Guids.decode(guid);
    long sentBy = found.getLong(13);
    Long hook = found.wasNull() || sentBy == NewDelivery.NO_HOOK ? null : sentBy;
    return new DeliverySummary(
        Long.toString(entry.position()),
        text,
        new DeliveryName(text, isOfSeveral(guid) ? hook : null),
        hook,
        entry.event(),
        entry.subject().action(),
        entry.subject().repository(),
        entry.subject().sender(),
        entry.subject().thread(),
        Instant.ofEpochMilli(found.getLong(10)),
        entry.length(),
        found.getInt(11),
        found.getBoolean(12),
        became);
  }

  /** Whether several hooks sent different deliveries under the GUID. */
  private boolean isOfSeveral(byte[] guid) throws SQLException {
    sameGuid.setBytes(1, guid);
    try (ResultSet found = sameGuid.executeQuery()) {
      return found.next() && found.getInt(1) > 1;
    }
  }

  @Override
  public void close() throws SQLException {
    outcomes.close();
    row.close();
    sameGuid.close();
  }
}
