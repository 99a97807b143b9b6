package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.Driver;

/** Opens connections to the database of a log. Safe for use by many threads. */
public final class Database {
  /**
   * Each of our statements finds its rows by an index. Without statistics, as in a new log, the
   * server would read whole tables instead, as long as it keeps that plan. Such plans look costly
   * to it, and compiling a statement would take it longer than running one.
   */
  private static final String BY_INDEXES = "SET enable_seqscan = off; SET jit = off";

  /** A commit must be on disk when it is reported, whatever the server's or role's default. */
  private static final String FLUSHED =
      "SELECT set_config('synchronous_commit', 'on', false)"
          + " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')";

  /** Some connections are used once in a while only. PostgreSQL 13 has no such limit. */
  private static final String KEPT =
      "SELECT set_config('idle_session_timeout', '0', false)"
          + " WHERE current_setting('idle_session_timeout', true) <> '0'";

  /**
   * After it has waited for a lock, a statement goes on with what is there then. At other levels it
   * would fail: whatever two nodes append at once, for instance.
   */
  private static final String ISOLATION = "SET default_transaction_isolation = 'read committed'";

  /** What the log's functions compare with the log that they are in. */
  private static final String KNOWN = "SET caravan.log = ";

  private static final String NAME = "caravan ";
  private static final int MOST_OF_A_NAME = 63;

  private final PostgresPlace place;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Histories histories = new Histories();
  private volatile boolean severed;

  public Database(PostgresPlace place) {
    this.place = place;
  }

  public PostgresPlace place() {
    return place;
  }

  /**
   * A connection with auto-commit.
   *
   * @param longest after this, a statement without an answer has failed
   */
  public Connection open(Duration longest) throws SQLException {
    if (severed) {
      throw new SQLException("The delivery log is closed", "08003");
    }
    open.removeIf(Database::isClosed);
    Connection connection = connect(properties(longest));
    try (Statement statement = connection.createStatement()) {
      statement.execute(FLUSHED + ";" + KEPT);
      statement.execute(BY_INDEXES + ";" + ISOLATION);
      Long tables = histories.take(connection);
      if (tables != null) {
        statement.execute(KNOWN + tables);
      }
      // Otherwise a call that nobody awaits any more would hold a session until it gets its lock.
      statement.execute("SET lock_timeout = " + longest.toMillis() * 9 / 10);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
    open.add(connection);
    return connection;
  }

  /** Not by the driver manager, which would ask every other driver too. */
  private Connection connect(Properties properties) throws SQLException {
    Connection connection = new Driver().connect(place.driverUrl(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not read its URL", "08001");
    }
    return connection;
  }

  private Properties properties(Duration longest) {
    Properties properties = new Properties();
    properties.setProperty("user", place.user());
    if (!place.password().isEmpty()) {
      properties.setProperty("password", place.password());
    }
    properties.setProperty("currentSchema", place.schema());
    properties.setProperty("ApplicationName", applicationName());
    long seconds = Math.max(1, longest.toSeconds());
    properties.setProperty("connectTimeout", Long.toString(Math.min(3, seconds)));
    properties.setProperty("loginTimeout", Long.toString(Math.min(4, seconds + 1)));
    properties.setProperty("socketTimeout", Long.toString(seconds));
    properties.setProperty("cancelSignalTimeout", "2");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    return properties;
  }

  /** The name that the server shows for this node's connections. */
  String applicationName() {
    String name = NAME + place.node();
    return name.substring(0, Math.min(name.length(), MOST_OF_A_NAME));
  }

  /**
   * Looks whether the log of a connection that was kept is still the one that this node knew.
   *
   * @throws SQLException when it is not
   */
  public void check(Connection kept) throws SQLException {
    histories.check(kept);
  }

  /** This node has the row of that number, and has written that into it. */
  public void isNode(long number, long lease) {
    histories.isNode(number, lease);
  }

  /** What comes before that position is committed. */
  public void reached(long end) {
    histories.reached(end);
  }

  /** Why the log that was met is not the one that this node goes by; else an empty text. */
  public String whyNewHistory() {
    return histories.whyOver();
  }

  /**
   * Where there is another: ends all connections to the old one, and goes by the new one.
   *
   * @param ended waits until nothing goes on that began with the old one: what has lost its
   *     connection opens another, and must not get one to the new log
   */
  public void goByNewHistory(Runnable ended) {
    if (!histories.whyOver().isEmpty()) {
      abortAll(); // so that it ends soon
      ended.run();
      abortAll();
      histories.goOn();
    }
  }

  /** Ends all connections at once, for good, as if this process had died. */
  public void sever() {
    severed = true;
    abortAll();
  }

  boolean isSevered() {
    return severed;
  }

  private void abortAll() {
    open.forEach(Database::abort);
  }

  /** Ends it at once, even while another thread uses it. */
  static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // then it is gone
    }
  }

  /** Closes it, which rolls back its transaction; ignores failures. */
  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // the server will notice by itself
    }
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }
}
