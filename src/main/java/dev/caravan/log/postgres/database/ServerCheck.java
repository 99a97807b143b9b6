package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server guarantees for a commit, and thus this program for a 202.
 *
 * @param version of the server
 * @param fsync whether it waits for its disk
 * @param fullPages whether it survives a page that was written in half
 * @param standbys the setting of the standbys that a commit waits for; empty for none
 * @param tellsHistory whether the role may ask which database this is, without which a node does
 *     not notice that another has taken its place
 */
public record ServerCheck(
    String version,
    boolean fsync,
    boolean fullPages,
    String standbys,
    boolean tellsHistory,
    PostgresPlace place) {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int OLDEST = 130000;

  /** Those that can store every text; others refuse characters they do not have. */
  private static final Set<String> ENCODINGS = Set.of("UTF8", "SQL_ASCII");

  /**
   * Asks it.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be used for a log
   */
  public static ServerCheck of(Connection connection, PostgresPlace place) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT current_setting('server_version'), current_setting('server_version_num')::int,"
                    + " current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',"
                    + " current_setting('synchronous_standby_names'), current_setting('server_encoding'),"
                    + " coalesce(has_function_privilege(to_regprocedure('pg_control_system()'), 'EXECUTE'), false)");
        ResultSet row = select.executeQuery()) {
      row.next();
      if (row.getInt(2) < OLDEST) {
        throw new IllegalStateException(
            "The database %s at %s is PostgreSQL %s. Caravan needs 13 or later."
                .formatted(place.database(), place.hosts(), row.getString(1)));
      }
      if (!ENCODINGS.contains(row.getString(6))) {
        throw new IllegalStateException(
            "The database %s at %s has the encoding %s, which cannot store every name. Make one with: CREATE DATABASE %s OWNER %s ENCODING 'UTF8' TEMPLATE template0."
                .formatted(
                    place.database(),
                    place.hosts(),
                    row.getString(6),
                    place.database(),
                    place.user()));
      }
      return new ServerCheck(
          row.getString(1),
          row.getBoolean(3),
          row.getBoolean(4),
          row.getString(5),
          row.getBoolean(7),
          place);
    }
  }

  public void report() {
    LOG.info(
        "The delivery log is the database {} at {} (PostgreSQL {}, schema {}); this node is \"{}\". A delivery is answered 202 once it is on the disk of {}.",
        place.database(),
        place.hosts(),
        version,
        place.schema(),
        place.node(),
        standbys.isEmpty()
            ? "one machine: a failover to a standby can lose the newest (synchronous_standby_names is empty)"
            : "the primary and of a standby (synchronous_standby_names is " + standbys + ")");
    if (!fsync || !fullPages) {
      LOG.warn(
          "The database does not wait for its disk ({} is off): a loss of power can lose deliveries that were answered 202, or all.",
          fsync ? "full_page_writes" : "fsync");
    }
    if (!tellsHistory) {
      LOG.warn(
          "The role {} may not call pg_control_system(), so this node cannot notice that a standby has taken over. Run GRANT EXECUTE ON FUNCTION pg_control_system() TO {}, or restart all nodes after every failover.",
          place.user(),
          place.user());
    }
  }
}
