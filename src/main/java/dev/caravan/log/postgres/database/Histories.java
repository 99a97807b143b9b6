package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The history that this node follows: no connection to a log with another one may be used before
 * the node has forgotten what it remembers. Another is told by other tables (a dump was restored),
 * by another server or timeline (a failover), or by what this node knows to be committed and is not
 * there (a data directory was rolled back). Safe for use by many threads.
 */
final class Histories {
  private @Nullable History next;
  private String why = "";
  private Followed followed = new Followed(null, History.Known.NOTHING);

  /** The history that this node follows, null before the first, and what it knows of it. */
  private record Followed(@Nullable History history, History.Known known) {}

  /**
   * Checks a new connection.
   *
   * @return the number of the log's tables; null where there are none yet
   * @throws SQLException when it tells another history
   */
  @Nullable Long take(Connection connection) throws SQLException {
    Followed before = followed();
    return take(History.of(connection, before.known().node()), before);
  }

  /**
   * Looks again at a log that was connected to before: it may have been replaced since.
   *
   * @throws SQLException when it tells another history
   */
  void check(Connection connection) throws SQLException {
    Followed before = followed();
    if (before.history() != null) {
      take(before.history().again(connection, before.known().node()), before);
    }
  }

  /**
   * Compares what was found with what was known before it was asked for.
   *
   * @return as {@link #take(Connection)}
   */
  private synchronized @Nullable Long take(History found, Followed before) throws SQLException {
    if (!Objects.equals(before.history(), followed.history())) {
      throw refused("This node has only now begun to read the delivery log again");
    }
    if (before.history() == null) {
      followed = new Followed(found.tables() == null ? null : found, followed.known());
    } else if (found.isBefore(before.history())) {
      throw refused(
          "The server calls itself the primary, but another one has taken its place before");
    } else {
      String difference = found.difference(before.history(), before.known());
      if (difference != null) {
        throw isAnother(found, difference);
      }
    }
    reached(found.end());
    return found.tables();
  }

  private SQLException isAnother(History found, String difference) {
    if (!found.isWhole()) {
      return refused("The delivery log is not there, or is being restored");
    }
    next = found;
    why = difference;
    return refused("The delivery log is not as this node knew it: " + why);
  }

  private static SQLException refused(String why) {
    return new SQLException(why, "08004");
  }

  private synchronized Followed followed() {
    return followed;
  }

  /** This node is the one of that number, and has written that into its row. */
  synchronized void isNode(long node, long lease) {
    followed =
        new Followed(followed.history(), new History.Known(node, lease, followed.known().end()));
  }

  /** The log has been seen to end there. */
  synchronized void reached(long end) {
    History.Known known = followed.known();
    if (end > known.end()) {
      followed =
          new Followed(followed.history(), new History.Known(known.node(), known.lease(), end));
    }
  }

  /** Why the history that this node follows is over; an empty text while it is not. */
  synchronized String whyOver() {
    return why;
  }

  /** Follows the new one from now on. */
  synchronized void goOn() {
    if (next != null) {
      followed = new Followed(next, History.Known.NOTHING);
      next = null;
      why = "";
    }
  }
}
