package dev.caravan.log.tables;

import dev.caravan.log.Delivery;
import dev.caravan.log.content.ContentCodec;
import dev.caravan.log.content.DamagedContentException;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.content.Dictionary;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
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

/** Reads deliveries and due rows. Owns a connection; for one thread at a time. */
public final class DeliveryReader implements AutoCloseable {
  private static final String ENTRY =
      "d.position, d.kind, d.repository, d.organization, d.installation, d.sender, d.thread, d.length";

  private final Connection connection;
  private final EventTypes kinds;
  private final Dictionaries dictionaries;
  private volatile boolean stopped;
  private final PreparedStatement load;
  private final PreparedStatement every;
  private final PreparedStatement ofKind;
  private final PreparedStatement one;
  private final PreparedStatement due;
  private final PreparedStatement dueLate;
  private final PreparedStatement holding;
  private final PreparedStatement nextDue;
  private final PreparedStatement firstSince;
  private final PreparedStatement isKept;

  public DeliveryReader(Connection connection, EventTypes kinds, Dictionaries dictionaries)
      throws SQLException {
    this.connection = connection;
    this.kinds = kinds;
    this.dictionaries = dictionaries;
    load =
        connection.prepareStatement(
            "SELECT "
                + ENTRY
                + ", d.guid, d.received_at, c.form, c.length, c.dictionary, c.bytes, d.checksum"
                + " FROM delivery d JOIN content c USING (position) WHERE d.position = ?");
    every = connection.prepareStatement(entries("d.position >= ? AND d.position < ?"));
    ofKind =
        connection.prepareStatement(entries("d.kind = ? AND d.position >= ? AND d.position < ?"));
    one = connection.prepareStatement(entries("d.position = ?"));
    due =
        connection.prepareStatement(
            "SELECT "
                + ENTRY
                + ", u.attempts, u.due_at FROM due u JOIN delivery d USING (position)"
                + " WHERE u.subscription = ? AND u.due_at <= ? ORDER BY u.due_at LIMIT ?");
    holding =
        connection.prepareStatement(
            "SELECT "
                + ENTRY
                + ", u.attempts, u.due_at FROM due u JOIN delivery d USING (position)"
                + " WHERE u.subscription = ? AND (u.attempts > 0 OR u.due_at = 0) ORDER BY u.position");
    dueLate =
        connection.prepareStatement(
            "SELECT "
                + ENTRY
                + ", u.attempts, u.due_at FROM due u JOIN delivery d USING (position)"
                + " WHERE u.subscription = ? AND u.due_at > ? AND u.attempts > 0 ORDER BY u.due_at LIMIT ?");
    nextDue =
        connection.prepareStatement(
            "SELECT min(due_at) FROM due WHERE subscription = ? AND due_at > ?");
    firstSince =
        connection.prepareStatement("SELECT min(position) FROM delivery WHERE received_at >= ?");
    isKept = connection.prepareStatement("SELECT 1 FROM content WHERE position = ?");
  }

  /** The delivery at a position, or null when it is no longer kept. */
  public @Nullable Delivery load(long position) throws SQLException {
    refuseWhenStopped();
    load.setLong(1, position);
    try (ResultSet row = load.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      Envelope entry = entry(row);
      ContentCodec.Content content = unpack(row);
      Delivery delivery =
          new Delivery(
              Guids.decode(row.getBytes(9)),
              entry.event(),
              entry.subject(),
              Instant.ofEpochMilli(row.getLong(10)),
              content.headers(),
              row.getBoolean(11) ? Delivery.Encoding.FORM : Delivery.Encoding.JSON,
              content.body());
      if (ContentCodec.checksum(delivery.payload()) != row.getInt(15)) {
        throw new DamagedContentException(
            "what is stored of delivery " + delivery.guid() + " is not what was sent");
      }
      return delivery;
    }
  }

  /** The GUID of the delivery at a position, or null when it is forgotten. */
  public @Nullable String guidAt(long position) throws SQLException {
    try (PreparedStatement statement = prepare("SELECT guid FROM delivery WHERE position = ?")) {
      statement.setLong(1, position);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Guids.decode(row.getBytes(1)) : null;
      }
    }
  }

  /** Bytes of headers and body at a position; 0 when they are not kept. */
  public long contentLength(long position) throws SQLException {
    try (PreparedStatement length = prepare("SELECT length FROM content WHERE position = ?")) {
      length.setLong(1, position);
      try (ResultSet row = length.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private ContentCodec.Content unpack(ResultSet row) throws SQLException {
    Dictionary dictionary = dictionaries.find(row.getInt(13), connection);
    try {
      return ContentCodec.unpack(
          new ContentCodec.Packed(row.getInt(12), row.getInt(13), row.getBytes(14)), dictionary);
    } catch (RuntimeException e) { // it cannot be decompressed, or is cut off
      throw new DamagedContentException(
          "what is stored of delivery " + Guids.decode(row.getBytes(9)) + ": " + e);
    }
  }

  /** Headers and body at a position as they are before compression, or null when not kept. */
  public byte @Nullable [] content(long position) throws SQLException {
    try (PreparedStatement statement =
        prepare("SELECT length, dictionary, bytes FROM content WHERE position = ?")) {
      statement.setLong(1, position);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? dictionaries
                .find(row.getInt(2), connection)
                .decompress(row.getBytes(3), row.getInt(1))
            : null;
      }
    }
  }

  /**
   * The deliveries from one position up to, and without, another, in order.
   *
   * @param wanted the kinds wanted, or null for all
   * @param most how many at the most; fewer means that there are no more
   */
  public List<Envelope> entries(long from, long to, @Nullable List<Integer> wanted, int most)
      throws SQLException {
    if (wanted == null) {
      return entries(every, most, from, to);
    }
    List<Envelope> found = new ArrayList<>();
    for (int kind : wanted) {
      found.addAll(entries(ofKind, most, kind, from, to));
    }
    found.sort(Comparator.comparingLong(Envelope::position));
    return found.size() > most ? found.subList(0, most) : found;
  }

  /** Those of the positions that are still known, in order. */
  public List<Envelope> entries(List<Long> positions) throws SQLException {
    List<Envelope> found = new ArrayList<>();
    for (long position : positions) {
      found.addAll(entries(one, 1, position));
    }
    return found;
  }

  /**
   * What the due table has for a subscription.
   *
   * @param now milliseconds since 1970
   * @param furthest a retry due later than this is due now: it was written before the clock was set
   *     back; {@link Long#MAX_VALUE} when that was not. A replay may be due as late as it says
   * @param withHolding whether all those are wanted too that were tried
   */
  public DueBatch due(long subscription, long now, long furthest, int most, boolean withHolding)
      throws SQLException {
    List<DueBatch.Row> overdue = new ArrayList<>();
    addDue(due, subscription, now, most, overdue);
    if (furthest != Long.MAX_VALUE) {
      addDue(dueLate, subscription, furthest, most - overdue.size(), overdue);
    }
    boolean more = overdue.size() == most;
    List<DueBatch.Row> holders = new ArrayList<>();
    if (withHolding) {
      holding.setLong(1, subscription);
      addRows(holding, holders);
    }
    return new DueBatch(overdue, holders, more ? now : nextDue(subscription, now), now);
  }

  /** The positions from one to another that a subscription is to run from the first attempt on. */
  public Set<Long> freshBetween(long subscription, long from, long to) throws SQLException {
    Set<Long> found = new HashSet<>();
    try (PreparedStatement fresh =
        prepare(
            "SELECT position FROM due WHERE subscription = ? AND position BETWEEN ? AND ? AND attempts = 0")) {
      fresh.setLong(1, subscription);
      fresh.setLong(2, from);
      fresh.setLong(3, to);
      try (ResultSet row = fresh.executeQuery()) {
        while (row.next()) {
          found.add(row.getLong(1));
        }
      }
    }
    return found;
  }

  /** Whether the content at a position is still kept. */
  public boolean isKept(long position) throws SQLException {
    isKept.setLong(1, position);
    try (ResultSet row = isKept.executeQuery()) {
      return row.next();
    }
  }

  /** The first position received at that time or later, or null when there is none yet. */
  public @Nullable Long firstSince(Instant time) throws SQLException {
    firstSince.setLong(1, time.equals(Instant.MIN) ? Long.MIN_VALUE : time.toEpochMilli());
    try (ResultSet row = firstSince.executeQuery()) {
      long position = row.getLong(1);
      return row.wasNull() ? null : position;
    }
  }

  public @Nullable StoredSubscription subscription(String name) throws SQLException {
    try (PreparedStatement byName = prepare("SELECT * FROM subscription WHERE name = ?")) {
      return StoredSubscription.find(byName, name);
    }
  }

  /** The first position whose body is kept, those that came back not counted; or null. */
  public @Nullable Long keptFrom() throws SQLException {
    try (PreparedStatement keptFrom = prepare(BodyTable.KEPT_FROM);
        ResultSet row = keptFrom.executeQuery()) {
      return row.next() ? row.getLong(1) : null;
    }
  }

  /** Where redeliveries brought bodies back that had gone. */
  public Set<Long> restored() throws SQLException {
    Set<Long> found = new HashSet<>();
    try (PreparedStatement restored = prepare("SELECT position FROM restored");
        ResultSet row = restored.executeQuery()) {
      while (row.next()) {
        found.add(row.getLong(1));
      }
    }
    return found;
  }

  /**
   * A statement for a question that is asked rarely; the caller closes it.
   *
   * @throws SQLException also after {@link #stop}
   */
  public PreparedStatement prepare(String sql) throws SQLException {
    refuseWhenStopped();
    return connection.prepareStatement(sql);
  }

  /** What is asked of it from now on fails. By any thread. */
  public void stop() {
    stopped = true;
  }

  private void refuseWhenStopped() throws SQLException {
    if (stopped) {
      throw new SQLException("its files are being opened anew; ask again");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void addDue(
      PreparedStatement statement, long subscription, long time, int most, List<DueBatch.Row> rows)
      throws SQLException {
    statement.setLong(1, subscription);
    statement.setLong(2, time);
    statement.setInt(3, most);
    addRows(statement, rows);
  }

  private long nextDue(long subscription, long now) throws SQLException {
    nextDue.setLong(1, subscription);
    nextDue.setLong(2, now);
    try (ResultSet row = nextDue.executeQuery()) {
      long at = row.getLong(1);
      return row.wasNull() ? Long.MAX_VALUE : at;
    }
  }

  private void addRows(PreparedStatement statement, List<DueBatch.Row> rows) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(new DueBatch.Row(entry(row), row.getInt(9), row.getLong(10)));
      }
    }
  }

  private List<Envelope> entries(PreparedStatement statement, int most, long... values)
      throws SQLException {
    for (int index = 0; index < values.length; index++) {
      statement.setLong(index + 1, values[index]);
    }
    statement.setInt(values.length + 1, most);
    List<Envelope> entries = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        entries.add(entry(row));
      }
    }
    return entries;
  }

  private Envelope entry(ResultSet row) throws SQLException {
    EventTypes.EventType kind = kinds.kind(row.getInt(2));
    return new Envelope(
        row.getLong(1),
        kind.event(),
        new Delivery.Subject(
            kind.action(),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            row.getString(7)),
        row.getInt(8));
  }

  private static String entries(String condition) {
    return "SELECT "
        + ENTRY
        + " FROM delivery d WHERE "
        + condition
        + " AND d.differs_from IS NULL ORDER BY d.position LIMIT ?";
  }
}
