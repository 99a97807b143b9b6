package dev.caravan.log.content;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The dictionaries of a log: the newest is used to compress, and every older one can still be used
 * to read.
 *
 * <p>They are in the log itself, beside what needs them, and are never changed or removed.
 */
public final class Dictionaries {
  private final Dictionary none = Dictionary.none();
  private final Map<Integer, Dictionary> known = new ConcurrentHashMap<>();
  private volatile Dictionary newest = none;
  private volatile long trainedTo;

  public Dictionaries() {
    known.put(Dictionary.NO_ID, none);
  }

  /** Reads the newest one that is stored. */
  public void load(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT id, bytes, trained_to FROM dictionary ORDER BY id DESC LIMIT 1")) {
      if (row.next()) {
        use(Dictionary.of(row.getInt(1), row.getBytes(2)), row.getLong(3));
      }
    }
  }

  /** Forgets all: the log may now hold others under the same numbers. */
  public void clear() {
    known.clear();
    known.put(Dictionary.NO_ID, none);
    newest.retire();
    newest = none;
    trainedTo = 0;
  }

  /** The one to compress with. */
  public Dictionary newest() {
    return newest;
  }

  /** The log's last position when the newest was trained; 0 when there is none. */
  public long trainedTo() {
    return trainedTo;
  }

  /** Compresses with this one from now on. It must be on disk. */
  public void use(Dictionary dictionary, long trained) {
    Dictionary before = newest;
    known.put(dictionary.id(), dictionary);
    newest = dictionary;
    trainedTo = trained;
    before.retire();
  }

  /** The one a row names, read from the log when it is first needed. */
  public Dictionary find(int id, Connection connection) throws SQLException {
    Dictionary dictionary = known.get(id);
    if (dictionary != null) {
      return dictionary;
    }
    try (PreparedStatement select =
        connection.prepareStatement("SELECT bytes FROM dictionary WHERE id = ?")) {
      select.setInt(1, id);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("The log has lost its dictionary " + id);
        }
        Dictionary read = Dictionary.of(id, row.getBytes(1));
        Dictionary before = known.putIfAbsent(id, read);
        return before == null ? read : before;
      }
    }
  }

  /** Writes a new one; to be followed by {@link #use} after the commit. */
  public static void insert(Connection writer, int id, byte[] bytes, long trainedTo)
      throws SQLException {
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT INTO dictionary (id, created_at, bytes, trained_to) VALUES (?, ?, ?, ?)")) {
      insert.setInt(1, id);
      insert.setLong(2, System.currentTimeMillis());
      insert.setBytes(3, bytes);
      insert.setLong(4, trainedTo);
      insert.executeUpdate();
    }
  }
}
