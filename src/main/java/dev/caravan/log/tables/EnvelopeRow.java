package dev.caravan.log.tables;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.Envelope;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How a row of the {@code delivery} table becomes an envelope. */
public final class EnvelopeRow {
  /** What is read for it, first in the row: eight columns. */
  public static final String COLUMNS =
      "d.position, d.kind, d.repository, d.organization, d.installation, d.sender, d.thread, d.length";

  private EnvelopeRow() {}

  /** The envelope of the row at hand. */
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
