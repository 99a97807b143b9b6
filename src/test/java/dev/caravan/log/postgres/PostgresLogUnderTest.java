package dev.caravan.log.postgres;

import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.tables.Guids;
import dev.caravan.testing.PostgresServer;
import dev.caravan.testing.Relay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The shared engine with one node, as the tests of every engine use it. */
final class PostgresLogUnderTest implements LogUnderTest {
  private static final String TABLES =
      "head, delivery, content, cursor, due, again, dead_letter, attempt, completed, restored";

  private static final Queue<String> FREE = new ConcurrentLinkedQueue<>();

  private static final List<String> WRITTEN =
      List.of(
          "again",
          "attempt",
          "attempt_mark",
          "completed",
          "content",
          "cursor",
          "dead_letter",
          "delivery",
          "dictionary",
          "due",
          "head",
          "kind",
          "node",
          "replay",
          "replay_row",
          "replay_target",
          "restored",
          "runs",
          "stretch",
          "subscription",
          "task");

  /** Of tables with few rows that takes a tenth of making their files anew. */
  private static final String EMPTY =
      """
      DO $$
      DECLARE written text; counted text;
      BEGIN
        SET LOCAL session_replication_role = replica;
        FOREACH written IN ARRAY string_to_array('%s', ',') LOOP
          IF pg_relation_size(written::regclass) > 400000 THEN
            EXECUTE 'TRUNCATE ' || written || ' CASCADE';
          ELSE
            EXECUTE 'DELETE FROM ' || written;
          END IF;
        END LOOP;
        FOR counted IN SELECT c.oid::regclass::text FROM pg_class c
            WHERE c.relkind = 'S' AND c.relnamespace = current_schema::regnamespace LOOP
          PERFORM setval(counted, 1, false);
        END LOOP;
        INSERT INTO head VALUES (1, 1);
      END $$"""
          .formatted(String.join(",", WRITTEN));

  private final PostgresServer server = PostgresServer.shared();
  private final String schema = schema(server);
  private final LogOptions options;
  private final Duration lease;
  private volatile Duration passed = Duration.ZERO;
  private int nodes;
  private PostgresDeliveryLog log;

  PostgresLogUnderTest(LogOptions asked) {
    this(asked, Duration.ofSeconds(5));
  }

  /**
   * The same.
   *
   * @param lease of its nodes, which look at each other five times in one
   */
  PostgresLogUnderTest(LogOptions asked, Duration lease) {
    this.lease = lease;
    this.options =
        new LogOptions(
            asked.dedupe(),
            asked.routeMemory(),
            asked.routeShare(),
            asked.retention(),
            asked.clock(),
            () -> System.nanoTime() + passed.toNanos());
    this.log = openNode();
  }

  private PostgresDeliveryLog openNode() {
    return PostgresDeliveryLog.open(place("node-" + ++nodes), options);
  }

  /** Another node of the same log. */
  PostgresPlace place(String node) {
    return place(node, lease);
  }

  PostgresPlace place(String node, Duration lease) {
    return new PostgresPlace(server.url(), "", schema, node, lease);
  }

  /** A way to its database. */
  Relay relay() {
    return new Relay(server.port());
  }

  PostgresPlace place(Relay through, Duration lease) {
    String url = server.url().replace(":" + server.port(), ":" + through.port());
    return new PostgresPlace(url, "", schema, "through-a-relay", lease);
  }

  @Override
  public PostgresDeliveryLog log() {
    return log;
  }

  @Override
  public void restart() {
    log.close();
    log = openNode();
  }

  /**
   * Holds the tables, so that no transaction is under way in the database, while the node loses all
   * its connections; the next one does not wait until its lease has run out.
   */
  @Override
  public void crash(Runnable died) {
    PostgresDeliveryLog dead = log;
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema);
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE " + TABLES + " IN EXCLUSIVE MODE");
      dead.database().sever();
      statement.execute(
          "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE application_name = 'caravan node-"
              + nodes
              + "' AND query NOT LIKE '%pg_terminate%' AND pid IN (SELECT pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '"
              + schema
              + "' UNION SELECT pid FROM pg_stat_activity WHERE application_name = 'caravan node-"
              + nodes
              + "' AND wait_event_type = 'Lock')");
      died.run();
      statement.execute("UPDATE node SET given_up = true");
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    log = openNode();
    new Thread(dead::close, "dead").start(); // which may wait for what it cannot append any more
  }

  @Override
  public Instant now() {
    return Instant.now().plus(passed);
  }

  @Override
  public void pass(Duration time) {
    passed = passed.plus(time);
    execute(
        "UPDATE subscription SET last_run_at = last_run_at - interval '%1$d seconds'; UPDATE node SET started_at = started_at - interval '%1$d seconds'"
            .formatted(time.toSeconds()));
  }

  /** A connection that finds the tables. */
  Connection connect() throws SQLException {
    Connection connection = server.connect("caravan");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema);
    }
    return connection;
  }

  /** Runs statements. */
  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void sweep() {
    log.lookups().sweep(now().toEpochMilli());
  }

  @Override
  public void index() {
    try {
      log.lookups().index();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many rows a table has. */
  long count(String table) {
    return number("SELECT count(*) FROM " + table);
  }

  /** How many of its connections wait for something that another has locked. */
  long waitingForLocks() {
    return number(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid IN"
            + " (SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema)");
  }

  /** The number that a query answers. */
  long number(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The GUIDs of a repository's deliveries, in the order of the log. */
  List<String> inOrder(String repository) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT guid FROM delivery WHERE repository = ? ORDER BY position")) {
      select.setString(1, repository);
      List<String> guids = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          guids.add(Guids.decode(row.getBytes(1)));
        }
      }
      return guids;
    }
  }

  @Override
  public void close() {
    log.close();
    execute(EMPTY);
    FREE.add(schema);
  }

  /** One that another test has left empty: to make the tables takes longer than most tests. */
  private static String schema(PostgresServer server) {
    String free = FREE.poll();
    return free == null ? server.newSchema() : free;
  }
}
