package dev.caravan.log.postgres.database;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.EventTypes.EventType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Keeps this node's numbers of events and actions in step with those of all nodes. */
public final class Kinds {
  private static final String ADD =
      "INSERT INTO kind (event, action) VALUES (?, ?) ON CONFLICT DO NOTHING";

  private final EventTypes types = new EventTypes();
  private final Sessions sessions;

  public Kinds(Sessions sessions) {
    this.sessions = sessions;
    types.onUnknown(this::refreshForAReader);
  }

  public EventTypes types() {
    return types;
  }

  /** Reads all that are committed. */
  public void refresh() throws SQLException {
    sessions.run(
        connection -> {
          types.reload(connection);
          return true;
        });
  }

  private void refreshForAReader() {
    try {
      refresh();
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The number of a kind, committed before any delivery has it.
   *
   * @param connection with auto-commit
   */
  public int idOf(EventType kind, Connection connection) throws SQLException {
    Integer known = types.find(kind);
    return known != null ? known : add(kind, connection);
  }

  private int add(EventType kind, Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setString(1, kind.event());
      insert.setString(2, kind.action());
      insert.executeUpdate();
    }
    types.reload(connection);
    Integer added = types.find(kind);
    if (added == null) {
      throw new SQLException("the kind of a delivery was not kept");
    }
    return added;
  }
}
