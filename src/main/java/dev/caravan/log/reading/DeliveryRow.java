package dev.caravan.log.reading;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.content.ContentCodec;
import dev.caravan.log.content.DamagedContentException;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.content.Dictionary;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.Guids;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Makes a delivery from a row of the {@code delivery} table and its content. */
final class DeliveryRow {
  /** The columns to read from {@code delivery d JOIN content c}. */
  static final String COLUMNS =
      EnvelopeRow.COLUMNS
          + ", d.guid, d.received_at, c.form, c.length, c.dictionary, c.bytes, d.checksum";

  private DeliveryRow() {}

  /**
   * The delivery of the current row.
   *
   * @throws DamagedContentException when it is not what was sent
   */
  static Delivery read(
      ResultSet row, EventTypes types, Dictionaries dictionaries, Connection connection)
      throws SQLException {
    Envelope envelope = EnvelopeRow.read(row, types);
    String guid = Guids.decode(row.getBytes(9));
    ContentCodec.Content content = unpack(row, guid, dictionaries.find(row.getInt(13), connection));
    Delivery delivery =
        new Delivery(
            guid,
            envelope.event(),
            envelope.subject(),
            Instant.ofEpochMilli(row.getLong(10)),
            content.headers(),
            row.getBoolean(11) ? Delivery.Encoding.FORM : Delivery.Encoding.JSON,
            content.body());
    if (ContentCodec.checksum(delivery.payload()) != row.getInt(15)) {
      throw new DamagedContentException(
          "what is stored of delivery " + guid + " is not what was sent");
    }
    return delivery;
  }

  private static ContentCodec.Content unpack(ResultSet row, String guid, Dictionary dictionary)
      throws SQLException {
    try {
      return ContentCodec.unpack(
          new ContentCodec.Packed(row.getInt(12), row.getInt(13), row.getBytes(14)), dictionary);
    } catch (RuntimeException e) { // it cannot be decompressed, or is cut off
      throw new DamagedContentException("what is stored of delivery " + guid + ": " + e);
    }
  }
}
