package dev.caravan.log.tables;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.Envelope;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes an envelope from a row of the {@code delivery} table. */
public final class EnvelopeRow {
  /** The columns to read, the first eight of the row. */
  public static final String COLUMNS =
      "d.position, d.kind, d.repository, d.organization, d.installation, d.sender, d.thread, d.length";

  private EnvelopeRow() {}

  /** The envelope of the current row. */
  public static Envelope read(ResultSet row, EventTypes types) throws SQLException {
    EventTypes.EventType type = types.kind(row.getInt(2));
    return new Envelope(
        row.getLong(1),
        type.event(),
        new Delivery.Subject(
            type.action(),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            row.getString(7)),
        row.getInt(8));
  }
}
