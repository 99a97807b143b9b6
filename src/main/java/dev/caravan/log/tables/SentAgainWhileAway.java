package dev.caravan.log.tables;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.subscription.EventFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Dead letters that GitHub sent again while their route was away. Nobody knew what it will ask for,
 * so they are due and still dead letters; when it is back, each becomes one of the two.
 */
public final class SentAgainWhileAway {
  private static final int AT_ONCE = 1000;
  private static final String FIND =
      "SELECT "
          + EnvelopeRow.COLUMNS
          + " FROM due u JOIN dead_letter l USING (subscription, position)"
          + " JOIN delivery d USING (position) WHERE u.subscription = ? ORDER BY d.position LIMIT "
          + AT_ONCE;
  private static final String NOT_DEAD =
      "DELETE FROM dead_letter WHERE subscription = ? AND position = ?";
  private static final String NOT_DUE = "DELETE FROM due WHERE subscription = ? AND position = ?";

  private SentAgainWhileAway() {}

  /** The route is back and asks for this: what it wants runs, the rest stays a dead letter. */
  public static void decide(
      Connection connection, EventTypes types, long subscription, EventFilter filter)
      throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND);
        PreparedStatement notDead = connection.prepareStatement(NOT_DEAD);
        PreparedStatement notDue = connection.prepareStatement(NOT_DUE)) {
      find.setLong(1, subscription);
      for (List<Envelope> some = read(find, types); !some.isEmpty(); some = read(find, types)) {
        for (Envelope each : some) {
          PreparedStatement remove = each.isWantedBy(filter) ? notDead : notDue;
          remove.setLong(1, subscription);
          remove.setLong(2, each.position());
          remove.executeUpdate();
        }
      }
    }
  }

  private static List<Envelope> read(PreparedStatement find, EventTypes types) throws SQLException {
    List<Envelope> found = new ArrayList<>();
    try (ResultSet row = find.executeQuery()) {
      while (row.next()) {
        found.add(EnvelopeRow.read(row, types));
      }
    }
    return found;
  }
}
