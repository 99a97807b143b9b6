package dev.caravan.log.sqlite.tables;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.Guids;
import dev.caravan.log.tables.NewDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the committer writes about deliveries. Belongs to the writer's connection and thread. */
public final class DeliveryTable {
  private final Connection writer;
  private final EventTypes kinds;
  private final PreparedStatement insert;
  private final PreparedStatement insertContent;
  private final PreparedStatement sameGuid;
  private final PreparedStatement differing;
  private final PreparedStatement sameContent;
  private final PreparedStatement repeated;
  private final PreparedStatement restored;
  private final PreparedStatement notIndexed;

  public DeliveryTable(Connection writer, EventTypes kinds) throws SQLException {
    this.writer = writer;
    this.kinds = kinds;
    insert =
        writer.prepareStatement(
            """
            INSERT OR IGNORE INTO delivery (position, guid, hook, kind, received_at, repository,
              organization, installation, sender, thread, length, checksum, differs_from, sent_by,
              digest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
    insertContent =
        writer.prepareStatement(
            "INSERT OR IGNORE INTO content (position, form, length, dictionary, bytes) VALUES (?, ?, ?, nullif(?, 0), ?)");
    sameGuid =
        writer.prepareStatement(
            """
            SELECT position, hook, sent_by, checksum FROM delivery
            WHERE guid = ?1 AND differs_from IS NULL AND (?2 = 0 OR hook = ?2) ORDER BY position""");
    differing =
        writer.prepareStatement(
            "SELECT position FROM delivery WHERE differs_from = ? AND checksum = ? LIMIT 1");
    sameContent =
        writer.prepareStatement(
            "SELECT position, guid FROM delivery WHERE digest = ? ORDER BY position LIMIT 1");
    repeated =
        writer.prepareStatement("UPDATE delivery SET repeats = repeats + 1 WHERE position = ?");
    restored = writer.prepareStatement("INSERT OR REPLACE INTO restored VALUES (?, ?)");
    // Removes the stretch of the search index around it, which does not have the body's mentions.
    notIndexed =
        writer.prepareStatement(
            "DELETE FROM stretch WHERE first = (SELECT max(first) FROM stretch WHERE first <= ?)");
  }

  /**
   * A delivery that came before.
   *
   * @param hook the part of the unique key beside the GUID
   * @param sentBy the hook that sent it, or {@link NewDelivery#NO_HOOK}; null in old logs
   */
  public record Known(long position, long hook, @Nullable Long sentBy, int checksum) {
    public boolean isFrom(long sender) {
      return sentBy == null ? hook == sender : sentBy == sender;
    }
  }

  /** A delivery with the same payload. */
  public record SameContent(long position, String guid) {}

  /** Writes a delivery at that position; false, and writes nothing, when its GUID is known. */
  public boolean insert(NewDelivery added, long position) throws SQLException {
    return insert(added, position, added.hook());
  }

  /** Writes a delivery with a known GUID but from another hook, with another payload. */
  public void insertOfAnotherHook(NewDelivery added, long position) throws SQLException {
    refuseToLose(insert(added, position, added.sentBy()));
  }

  private boolean insert(NewDelivery added, long position, long hook) throws SQLException {
    insert.setNull(13, Types.INTEGER);
    insert.setBytes(15, added.digest());
    if (insertRow(added, position, hook) == 0) {
      return false;
    }
    insertContent(added, position);
    return true;
  }

  /** Writes a repeat whose payload is not that of the first, beside it. */
  public void insertDiffering(NewDelivery added, long position, long first) throws SQLException {
    insert.setLong(13, first);
    insert.setNull(15, Types.BLOB); // it never ran: the same under another GUID is no copy
    refuseToLose(insertRow(added, position, added.hook()) > 0);
    insertContent(added, position);
  }

  /** A new delivery that could not be inserted must not be answered as if it were in the log. */
  private static void refuseToLose(boolean isWritten) throws SQLException {
    if (!isWritten) {
      throw new SQLException("a delivery's place in the log is taken already");
    }
  }

  /** The deliveries under its GUID that are run, in order of arrival. */
  public List<Known> sameGuid(NewDelivery added) throws SQLException {
    sameGuid.setBytes(1, added.guid());
    sameGuid.setLong(2, added.hook());
    List<Known> known = new ArrayList<>();
    try (ResultSet row = sameGuid.executeQuery()) {
      while (row.next()) {
        long number = row.getLong(3);
        Long sentBy =
            row.wasNull() ? null : number; // asked at once: it is about what was read last
        known.add(new Known(row.getLong(1), row.getLong(2), sentBy, row.getInt(4)));
      }
    }
    return known;
  }

  /** The repeat with the same payload that was kept beside the first, or null. */
  public @Nullable Long differing(NewDelivery added, long first) throws SQLException {
    differing.setLong(1, first);
    differing.setInt(2, added.checksum());
    try (ResultSet row = differing.executeQuery()) {
      return row.next() ? row.getLong(1) : null;
    }
  }

  /** The first with the same payload, under any GUID; null without one, or if not looked for. */
  public @Nullable SameContent sameContent(NewDelivery added) throws SQLException {
    if (added.digest() == null) {
      return null;
    }
    sameContent.setBytes(1, added.digest());
    try (ResultSet row = sameContent.executeQuery()) {
      return row.next() ? new SameContent(row.getLong(1), Guids.decode(row.getBytes(2))) : null;
    }
  }

  /** Counts a repeat, and keeps its content if that of the first was deleted. */
  public void repeated(NewDelivery added, long position) throws SQLException {
    repeated.setLong(1, position);
    repeated.executeUpdate();
    if (insertContent(added, position) > 0) {
      restored.setLong(1, position);
      restored.setLong(2, added.delivery().receivedAt().toEpochMilli());
      restored.executeUpdate();
      notIndexed.setLong(1, position);
      notIndexed.executeUpdate();
    }
  }

  private int insertRow(NewDelivery added, long position, long hook) throws SQLException {
    Delivery delivery = added.delivery();
    Delivery.Subject subject = delivery.subject();
    insert.setLong(1, position);
    insert.setBytes(2, added.guid());
    insert.setLong(3, hook);
    insert.setInt(
        4, kinds.idOf(new EventTypes.EventType(delivery.event(), subject.action()), writer));
    insert.setLong(5, delivery.receivedAt().toEpochMilli());
    insert.setString(6, subject.repository());
    insert.setString(7, subject.organization());
    insert.setString(8, subject.installation());
    insert.setString(9, subject.sender());
    insert.setString(10, subject.thread());
    insert.setInt(11, delivery.body().length);
    insert.setInt(12, added.checksum());
    insert.setLong(14, added.sentBy());
    return insert.executeUpdate();
  }

  private int insertContent(NewDelivery added, long position) throws SQLException {
    insertContent.setLong(1, position);
    insertContent.setBoolean(2, added.delivery().encoding() == Delivery.Encoding.FORM);
    insertContent.setInt(3, added.content().length());
    insertContent.setInt(4, added.content().dictionary());
    insertContent.setBytes(5, added.content().bytes());
    return insertContent.executeUpdate();
  }
}
