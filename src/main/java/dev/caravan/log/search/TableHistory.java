package dev.caravan.log.search;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeadLetterGroup;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.state.LogState;
import dev.caravan.log.state.SubscriptionReport;
import dev.caravan.log.tables.Guids;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers queries from the tables of a log. Each is one short read. */
public final class TableHistory implements DeliveryHistory {
  private static final String ATTEMPTS =
      """
      SELECT s.name, a.number, a.started_at, a.took, a.error
      FROM attempt a JOIN subscription s ON s.id = a.subscription
      WHERE a.position = ? ORDER BY a.started_at, a.number""";

  private final Readers readers;
  private final DeliverySearch search;
  private final LogState state;

  public TableHistory(Readers readers, DeliverySearch search, LogState state) {
    this.readers = readers;
    this.search = search;
    this.state = state;
  }

  @Override
  public Set<String> known(Collection<String> guids) {
    return readers.ask(
        reader -> {
          Set<String> known = new HashSet<>();
          try (PreparedStatement statement =
              reader.prepare("SELECT 1 FROM delivery WHERE guid = ? AND differs_from IS NULL")) {
            for (String guid : guids) {
              statement.setBytes(1, Guids.encode(guid));
              try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                  known.add(guid);
                }
              }
            }
          }
          return known;
        });
  }

  @Override
  public Optional<Delivery> at(String position) {
    long wanted = PositionRange.position(position);
    return readers.ask(reader -> Optional.ofNullable(reader.load(wanted)));
  }

  @Override
  public DeliveryPage list(DeliveryQuery query, int most) {
    return readers.ask(reader -> search.page(query, most, reader));
  }

  @Override
  public long count(DeliveryQuery query) {
    return readers.ask(reader -> search.count(query, reader));
  }

  @Override
  public List<KnownSubscription> subscriptions() {
    return readers.ask(reader -> SubscriptionReport.read(reader, state.subscriptions(reader)));
  }

  @Override
  public List<AttemptRecord> attemptsAt(String position) {
    long wanted = PositionRange.position(position);
    return readers.ask(
        reader -> {
          try (PreparedStatement statement = reader.prepare(ATTEMPTS)) {
            statement.setLong(1, wanted);
            List<AttemptRecord> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                found.add(attempt(row));
              }
            }
            return found;
          }
        });
  }

  @Override
  public List<DeadLetterGroup> deadLetterGroups() {
    return readers.ask(DeadLetterGroups::read);
  }

  private static AttemptRecord attempt(ResultSet row) throws SQLException {
    return new AttemptRecord(
        row.getString(1),
        row.getInt(2),
        Instant.ofEpochMilli(row.getLong(3)),
        Duration.ofMillis(row.getLong(4)),
        row.getString(5));
  }
}
