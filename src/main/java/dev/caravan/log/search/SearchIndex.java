package dev.caravan.log.search;

import dev.caravan.log.content.Dictionary;
import dev.caravan.log.history.Topic;
import dev.caravan.log.reading.DeliveryReader;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stretches that are ready to be searched. What is missing, such as the newest deliveries and
 * those of a log that was just upgraded, is read from the rows: the index holds nothing that is not
 * elsewhere.
 */
public final class SearchIndex {
  private static final String ADD =
      """
      INSERT INTO stretch (first, columns, mentions) SELECT ?, ?, ?
      WHERE (SELECT count(*) FROM delivery WHERE position >= ? AND position < ?) = ?
      ON CONFLICT (first) DO UPDATE SET columns = excluded.columns, mentions = excluded.mentions""";

  public static final String TABLE =
      """
      CREATE TABLE stretch (
        first INTEGER PRIMARY KEY,
        columns BLOB NOT NULL,
        mentions BLOB NOT NULL
      )""";

  private static final Dictionary COMPRESSION = Dictionary.none();

  private SearchIndex() {}

  /**
   * A stretch of the index.
   *
   * @param mentioning the rows that mention the topic; null when no topic was asked for
   */
  record Found(Stretch stretch, @Nullable BitSet mentioning) {}

  /** The stretches from one position to another, exclusive, by the first position of each. */
  static Map<Long, Found> find(DeliveryReader reader, long from, long to, @Nullable Topic topic)
      throws SQLException {
    Map<Long, Found> found = new HashMap<>();
    try (PreparedStatement statement =
        reader.prepare(
            "SELECT first, columns%s FROM stretch WHERE first >= ? AND first < ?"
                .formatted(topic == null ? "" : ", mentions"))) {
      statement.setLong(1, from);
      statement.setLong(2, to);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          long first = row.getLong(1);
          try {
            byte[] columns = unpack(row.getBytes(2));
            found.put(
                first,
                topic == null
                    ? new Found(Stretch.decode(first, columns), null)
                    : about(topic, first, columns, row.getBytes(3)));
          } catch (RuntimeException e) {
            // The rows are read instead.
          }
        }
      }
    }
    return found;
  }

  /** The whole stretch if any of it may be about the topic, otherwise an empty one. */
  private static Found about(Topic topic, long first, byte[] columns, byte[] mentions) {
    BitSet mentioning = MentionColumn.decode(mentions).rows(topic);
    boolean mayBe = !mentioning.isEmpty() || EncodedThreads.have(columns, topic);
    return new Found(mayBe ? Stretch.decode(first, columns) : Stretch.EMPTY, mentioning);
  }

  /** The first position after the index, or null when it is empty. */
  static @Nullable Long end(DeliveryReader reader) throws SQLException {
    try (PreparedStatement statement = reader.prepare("SELECT max(first) FROM stretch");
        ResultSet row = statement.executeQuery()) {
      long first = row.next() ? row.getLong(1) : 0;
      return row.wasNull() ? null : first + Stretch.POSITIONS;
    }
  }

  /**
   * Adds a stretch, unless some of its deliveries were forgotten since it was read. For the thread
   * that writes.
   */
  public static void add(Connection writer, long first, int size, byte[] columns, byte[] mentions)
      throws SQLException {
    try (PreparedStatement insert = writer.prepareStatement(ADD)) {
      insert.setLong(1, first);
      insert.setBytes(2, columns);
      insert.setBytes(3, mentions);
      insert.setLong(4, first);
      insert.setLong(5, first + Stretch.POSITIONS);
      insert.setInt(6, size);
      insert.executeUpdate();
    }
  }

  /** Compresses a stretch for {@link #add}. */
  static byte[] pack(byte[] columns) {
    byte[] compressed = COMPRESSION.compress(columns);
    return ByteBuffer.allocate(Integer.BYTES + compressed.length)
        .putInt(columns.length)
        .put(compressed)
        .array();
  }

  private static byte[] unpack(byte[] packed) {
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    byte[] compressed = new byte[packed.length - Integer.BYTES];
    int length = bytes.getInt();
    bytes.get(compressed);
    return COMPRESSION.decompress(compressed, length);
  }
}
