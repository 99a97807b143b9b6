package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the committer writes about deliveries. Belongs to the writer's connection and thread. */
final class DeliveryWrites {
  private final Connection writer;
  private final Kinds kinds;
  private final PreparedStatement insert;
  private final PreparedStatement insertContent;
  private final PreparedStatement first;
  private final PreparedStatement repeated;
  private final PreparedStatement restored;

  DeliveryWrites(Connection writer, Kinds kinds) throws SQLException {
    this.writer = writer;
    this.kinds = kinds;
    insert =
        writer.prepareStatement(
            """
            INSERT OR IGNORE INTO delivery (position, guid, hook, kind, received_at, repository,
              organization, installation, sender, thread, length, checksum, differs_from)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
    insertContent =
        writer.prepareStatement(
            "INSERT OR IGNORE INTO content (position, form, length, dictionary, bytes) VALUES (?, ?, ?, nullif(?, 0), ?)");
    first =
        writer.prepareStatement(
            "SELECT position, checksum FROM delivery WHERE guid = ? AND hook = ? AND differs_from IS NULL");
    repeated =
        writer.prepareStatement("UPDATE delivery SET repeats = repeats + 1 WHERE position = ?");
    restored = writer.prepareStatement("INSERT OR REPLACE INTO restored VALUES (?, ?)");
  }

  /** The first delivery of a GUID. */
  record First(long position, int checksum) {}

  /** Writes a delivery at that position; false, and nothing written, when its GUID is known. */
  boolean insert(Append append, long position) throws SQLException {
    insert.setNull(13, java.sql.Types.INTEGER);
    if (insertRow(append, position) == 0) {
      return false;
    }
    insertContent(append, position);
    return true;
  }

  /** Writes a repeat whose payload is not that of the first, beside it. */
  void insertDiffering(Append append, long position, long first) throws SQLException {
    insert.setLong(13, first);
    insertRow(append, position);
    insertContent(append, position);
  }

  First first(Append append) throws SQLException {
    first.setBytes(1, append.guid());
    first.setLong(2, append.hook());
    try (ResultSet row = first.executeQuery()) {
      return new First(row.getLong(1), row.getInt(2));
    }
  }

  /** Counts a repeat, and takes its content where that of the first is no longer kept. */
  void repeated(Append append, long position) throws SQLException {
    repeated.setLong(1, position);
    repeated.executeUpdate();
    if (insertContent(append, position) > 0) {
      restored.setLong(1, position);
      restored.setLong(2, append.delivery().receivedAt().toEpochMilli());
      restored.executeUpdate();
    }
  }

  private int insertRow(Append append, long position) throws SQLException {
    Delivery delivery = append.delivery();
    Delivery.Subject subject = delivery.subject();
    insert.setLong(1, position);
    insert.setBytes(2, append.guid());
    insert.setLong(3, append.hook());
    insert.setInt(4, kinds.idOf(new Kinds.Kind(delivery.event(), subject.action()), writer));
    insert.setLong(5, delivery.receivedAt().toEpochMilli());
    insert.setString(6, subject.repository());
    insert.setString(7, subject.organization());
    insert.setString(8, subject.installation());
    insert.setString(9, subject.sender());
    insert.setString(10, subject.thread());
    insert.setInt(11, delivery.body().length);
    insert.setInt(12, append.checksum());
    return insert.executeUpdate();
  }

  private int insertContent(Append append, long position) throws SQLException {
    insertContent.setLong(1, position);
    insertContent.setBoolean(2, append.delivery().encoding() == Delivery.Encoding.FORM);
    insertContent.setInt(3, append.content().length());
    insertContent.setInt(4, append.content().dictionary());
    insertContent.setBytes(5, append.content().bytes());
    return insertContent.executeUpdate();
  }
}
