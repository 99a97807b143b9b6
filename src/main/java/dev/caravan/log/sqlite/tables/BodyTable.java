package dev.caravan.log.sqlite.tables;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bodies to delete, oldest first, and deletes them with their attempts; a mark of each
 * completion stays. Belongs to the writer's connection and thread.
 *
 * <p>The oldest are those with the lowest positions, up to the first that is not old enough. After
 * a clock was set back, bodies are thereby kept a little longer than asked for, and never deleted
 * too early. A body that a redelivery brought back has the age of that redelivery.
 */
public final class BodyTable {

  private static final String ENTRY =
      "SELECT " + EnvelopeRow.COLUMNS + ", d.differs_from IS NULL, d.received_at";

  private final EventTypes kinds;
  private final Completions completions;
  private final PreparedStatement oldest;
  private final PreparedStatement restored;
  private final PreparedStatement keptFrom;
  private final PreparedStatement removeContent;
  private final PreparedStatement removeAttempts;
  private final PreparedStatement removeRestored;

  public BodyTable(Connection writer, EventTypes kinds, Completions completions)
      throws SQLException {
    this.kinds = kinds;
    this.completions = completions;
    oldest =
        writer.prepareStatement(
            ENTRY
                + " FROM content c JOIN delivery d USING (position)"
                + " WHERE c.position NOT IN (SELECT position FROM restored)"
                + " ORDER BY c.position LIMIT ?");
    restored =
        writer.prepareStatement(
            ENTRY
                + " FROM restored r JOIN delivery d USING (position)"
                + " WHERE r.received_at < ? LIMIT ?");
    keptFrom = writer.prepareStatement(DeliveryReader.KEPT_FROM);
    removeContent = writer.prepareStatement("DELETE FROM content WHERE position = ?");
    removeAttempts = writer.prepareStatement("DELETE FROM attempt WHERE position = ?");
    removeRestored = writer.prepareStatement("DELETE FROM restored WHERE position = ?");
  }

  /** The first position whose body has been kept all along (not brought back); or null. */
  public @Nullable Long keptFrom() throws SQLException {
    try (ResultSet row = keptFrom.executeQuery()) {
      return row.next() ? row.getLong(1) : null;
    }
  }

  /**
   * The oldest bodies that were received before that time, in milliseconds since 1970.
   *
   * @param most how many at most
   */
  public List<Going> oldest(long before, int most) throws SQLException {
    oldest.setInt(1, most);
    List<Going> found = going(oldest);
    int old = 0;
    while (old < found.size() && found.get(old).receivedAt() < before) {
      old++;
    }
    return found.subList(0, old);
  }

  /** Bodies that redeliveries brought back before that time. */
  public List<Going> restored(long before, int most) throws SQLException {
    restored.setLong(1, before);
    restored.setInt(2, most);
    return going(restored);
  }

  public void remove(Going going) throws SQLException {
    completions.mark(going.entry().position());
    for (PreparedStatement statement : List.of(removeContent, removeAttempts, removeRestored)) {
      statement.setLong(1, going.entry().position());
      statement.executeUpdate();
    }
  }

  /**
   * A delivery whose body is to be deleted.
   *
   * @param runs whether subscriptions run it: not a repeat that differs from the first
   */
  public record Going(Envelope entry, boolean runs, long receivedAt) {}

  private List<Going> going(PreparedStatement statement) throws SQLException {
    List<Going> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(new Going(EnvelopeRow.read(row, kinds), row.getBoolean(9), row.getLong(10)));
      }
    }
    return found;
  }
}
