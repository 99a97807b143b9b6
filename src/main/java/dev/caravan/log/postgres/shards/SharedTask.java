package dev.caravan.log.postgres.shards;

import dev.caravan.log.postgres.database.Sessions;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A task that one node does for all, as long as it lives. */
public final class SharedTask {
  private static final String TAKE =
      """
      INSERT INTO task AS t (name, node, expires_at)
      VALUES (?, ?, clock_timestamp() + interval '1 minute')
      ON CONFLICT (name) DO UPDATE SET node = excluded.node, expires_at = excluded.expires_at
      WHERE t.node = excluded.node OR t.expires_at < clock_timestamp()
        OR NOT EXISTS (SELECT FROM node n WHERE n.id = t.node AND n.expires_at > clock_timestamp())""";

  private final String name;
  private final Sessions sessions;
  private final NodeNumber number;

  public SharedTask(String name, Sessions sessions, NodeNumber number) {
    this.name = name;
    this.sessions = sessions;
    this.number = number;
  }

  /** Takes or keeps the task for a minute; false while another node has it. */
  public boolean isMine() throws SQLException {
    return sessions.run(
        connection -> {
          try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setString(1, name);
            take.setLong(2, number.node());
            return take.executeUpdate() > 0;
          }
        });
  }
}
