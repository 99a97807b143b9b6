package dev.caravan.log.reading;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.content.DamagedContentException;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.Guids;
import dev.caravan.log.tables.Sql;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads deliveries and due rows. Owns a connection; for one thread at a time. */
public final class DeliveryReader implements AutoCloseable {
  /** The first position whose body is kept, not counting bodies that a redelivery brought back. */
  public static final String KEPT_FROM =
      "SELECT position FROM content WHERE position NOT IN (SELECT position FROM restored)"
          + " ORDER BY position LIMIT 1";

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final String LOAD =
      "SELECT "
          + DeliveryRow.COLUMNS
          + " FROM delivery d JOIN content c USING (position) WHERE d.position = ?";

  private static final String EVERY = envelopes("d.position >= ? AND d.position < ?");
  private static final String OF_KIND =
      envelopes("d.kind = ? AND d.position >= ? AND d.position < ?");
  private static final String ONE = envelopes("d.position = ?");
  private static final String OVERDUE = due("u.due_at <= ? ORDER BY u.due_at, u.position LIMIT ?");
  private static final String DUE_LATE =
      due("u.due_at > ? AND u.attempts > 0 ORDER BY u.due_at, u.position LIMIT ?");
  private static final String HOLDING = due("(u.attempts > 0 OR u.due_at = 0) ORDER BY u.position");

  private final Connection connection;
  private final Sql sql;
  private final RunReader runs;
  private final EventTypes types;
  private final Dictionaries dictionaries;
  private volatile boolean stopped;

  public DeliveryReader(Connection connection, EventTypes types, Dictionaries dictionaries) {
    this.connection = connection;
    this.sql = new Sql(connection);
    this.runs = new RunReader(sql, types);
    this.types = types;
    this.dictionaries = dictionaries;
  }

  /** The delivery at a position, or null when it is no longer kept. */
  public @Nullable Delivery load(long position) throws SQLException {
    refuseWhenStopped();
    return sql.first(LOAD, this::delivery, position);
  }

  /** The same, but null for a damaged one too: one among a million must not end a search. */
  public @Nullable Delivery loadUndamaged(long position) throws SQLException {
    try {
      return load(position);
    } catch (DamagedContentException e) {
      LOG.debug("Passed over by a search", e); // reported when it is run
      return null;
    }
  }

  private Delivery delivery(ResultSet row) throws SQLException {
    return DeliveryRow.read(row, types, dictionaries, connection);
  }

  /** The GUID of the delivery at a position, or null when it is forgotten. */
  public @Nullable String guidAt(long position) throws SQLException {
    refuseWhenStopped();
    return sql.first(
        "SELECT guid FROM delivery WHERE position = ?",
        row -> Guids.decode(row.getBytes(1)),
        position);
  }

  /** Bytes of headers and body at a position; 0 when they are not kept. */
  public long contentLength(long position) throws SQLException {
    Long length = sql.number("SELECT length FROM content WHERE position = ?", position);
    return length == null ? 0 : length;
  }

  /** Headers and body at a position as they are before compression, or null when not kept. */
  public byte @Nullable [] content(long position) throws SQLException {
    return sql.first(
        "SELECT length, dictionary, bytes FROM content WHERE position = ?",
        row ->
            dictionaries.find(row.getInt(2), connection).decompress(row.getBytes(3), row.getInt(1)),
        position);
  }

  /**
   * The deliveries from one position to another, exclusive, in order.
   *
   * @param wanted the kinds wanted, or null for all
   * @param most how many at most; fewer means that there are no more
   */
  public List<Envelope> entries(long from, long to, @Nullable List<Integer> wanted, int most)
      throws SQLException {
    if (wanted == null) {
      return sql.list(EVERY, this::envelope, from, to, most);
    }
    List<Envelope> found = new ArrayList<>();
    for (int kind : wanted) {
      found.addAll(sql.list(OF_KIND, this::envelope, kind, from, to, most));
    }
    found.sort(Comparator.comparingLong(Envelope::position));
    return found.size() > most ? found.subList(0, most) : found;
  }

  /** The deliveries at these positions, except forgotten ones, in order. */
  public List<Envelope> entries(List<Long> positions) throws SQLException {
    List<Envelope> found = new ArrayList<>();
    for (long position : positions) {
      found.addAll(sql.list(ONE, this::envelope, position, 1));
    }
    return found;
  }

  /**
   * What is due in a subscription.
   *
   * @param now milliseconds since 1970
   * @param furthest a retry due later than this is due now: it was written before the clock was set
   *     back; {@link Long#MAX_VALUE} when it was not. Replays are never due early
   * @param withHolding whether to read all that have failed or were cut off, too
   */
  public DueBatch due(long subscription, long now, long furthest, int most, boolean withHolding)
      throws SQLException {
    List<DueBatch.Row> overdue =
        new ArrayList<>(sql.list(OVERDUE, this::due, subscription, now, most));
    if (furthest != Long.MAX_VALUE) {
      overdue.addAll(sql.list(DUE_LATE, this::due, subscription, furthest, most - overdue.size()));
    }
    boolean more = overdue.size() == most;
    List<DueBatch.Row> holders =
        withHolding ? sql.list(HOLDING, this::due, subscription) : List.of();
    return new DueBatch(overdue, holders, more ? now : nextDue(subscription, now), now);
  }

  /** The positions from one to another, inclusive, that are due but not yet attempted. */
  public Set<Long> freshBetween(long subscription, long from, long to) throws SQLException {
    return new HashSet<>(
        sql.list(
            "SELECT position FROM due WHERE subscription = ? AND position BETWEEN ? AND ? AND attempts = 0",
            row -> row.getLong(1),
            subscription,
            from,
            to));
  }

  /** What has been run. */
  public RunReader runs() {
    return runs;
  }

  /** Whether the content at a position is still kept. */
  public boolean isKept(long position) throws SQLException {
    return sql.has("SELECT 1 FROM content WHERE position = ?", position);
  }

  /** The first position received at that time or later, or null when there is none yet. */
  public @Nullable Long firstSince(Instant time) throws SQLException {
    return sql.number(
        "SELECT min(position) FROM delivery WHERE received_at >= ?",
        time.equals(Instant.MIN) ? Long.MIN_VALUE : time.toEpochMilli());
  }

  public @Nullable StoredSubscription subscription(String name) throws SQLException {
    return sql.first("SELECT * FROM subscription WHERE name = ?", StoredSubscription::of, name);
  }

  /** The first position whose body has been kept all along (not brought back); or null. */
  public @Nullable Long keptFrom() throws SQLException {
    return sql.number(KEPT_FROM);
  }

  /** The positions whose deleted bodies came back with a redelivery. */
  public Set<Long> restored() throws SQLException {
    return new HashSet<>(sql.list("SELECT position FROM restored", row -> row.getLong(1)));
  }

  /**
   * A statement for a rare query; the caller closes it.
   *
   * @throws SQLException also after {@link #stop}
   */
  public PreparedStatement prepare(String sql) throws SQLException {
    refuseWhenStopped();
    return connection.prepareStatement(sql);
  }

  /** Makes all later queries fail. May be called by any thread. */
  public void stop() {
    stopped = true;
  }

  private void refuseWhenStopped() throws SQLException {
    if (stopped) {
      throw new SQLException("its files are being reopened; ask again");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private long nextDue(long subscription, long now) throws SQLException {
    Long next =
        sql.number(
            "SELECT min(due_at) FROM due WHERE subscription = ? AND due_at > ?", subscription, now);
    return next == null ? Long.MAX_VALUE : next;
  }

  private Envelope envelope(ResultSet row) throws SQLException {
    return EnvelopeRow.read(row, types);
  }

  private DueBatch.Row due(ResultSet row) throws SQLException {
    return new DueBatch.Row(envelope(row), row.getInt(9), row.getLong(10));
  }

  private static String envelopes(String condition) {
    return "SELECT "
        + EnvelopeRow.COLUMNS
        + " FROM delivery d WHERE "
        + condition
        + " AND d.differs_from IS NULL ORDER BY d.position LIMIT ?";
  }

  private static String due(String condition) {
    return "SELECT "
        + EnvelopeRow.COLUMNS
        + ", u.attempts, u.due_at FROM due u JOIN delivery d USING (position)"
        + " WHERE u.subscription = ? AND "
        + condition;
  }
}
