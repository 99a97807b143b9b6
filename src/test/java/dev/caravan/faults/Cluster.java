package dev.caravan.faults;

import dev.caravan.log.tables.Guids;
import dev.caravan.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several programs with one log in PostgreSQL, each a directory and a process of its own. */
final class Cluster implements AutoCloseable {
  static final String SUBSCRIPTION = "ci";
  static final int CONCURRENCY = 24;

  /** The default. */
  static final Duration LEASE = Duration.ofSeconds(5);

  private final Path directory;
  private final NodeRuns runs;
  private final String schema;
  private final List<Node> nodes = new ArrayList<>();

  Cluster(Path directory, PostgresServer server, NodeRuns runs) {
    this.directory = directory;
    this.schema = server.newSchema();
    this.runs = runs;
  }

  /** A node that finds the log at that URL; it is not started yet. */
  Node node(String name, String url) {
    Node node = new Node(name, url);
    nodes.add(node);
    return node;
  }

  String schema() {
    return schema;
  }

  /** The GUIDs of all deliveries as the log has them. */
  List<String> guids(PostgresServer server) {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT guid FROM " + schema + ".delivery ORDER BY position")) {
      List<String> guids = new ArrayList<>();
      while (row.next()) {
        guids.add(Guids.decode(row.getBytes(1)));
      }
      return guids;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
  }

  /** One of them. */
  final class Node implements AutoCloseable {
    private final String name;
    private final Path home;
    private final Site site;
    private String runsAt = "127.0.0.1:" + runs.port();
    private int starts;
    private @Nullable CaravanProcess process;

    private Node(String name, String url) {
      this.name = name;
      this.home = directory.resolve(name);
      this.site =
          new Site(home)
              .set("caravan.log", url)
              .set("caravan.log.schema", schema)
              .set("caravan.node", name);
      try {
        Files.writeString(
            home.resolve("application.properties"), "caravan.management.token = test-of-a-cluster");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Site site() {
      return site;
    }

    /** The address at which the node finds what notes its runs. */
    void runsAt(String address) {
      runsAt = address;
    }

    /** Its name since its last start, as runs carry it. */
    String label() {
      return name + "-" + starts;
    }

    /** Starts it; {@link #awaitReady} says when it takes deliveries. */
    Node start() {
      starts++;
      route(SUBSCRIPTION, "concurrency: " + CONCURRENCY);
      process = site.start();
      return this;
    }

    /** Adds a route, or gives it other parameters. */
    void route(String subscription, String parameters) {
      site.route(subscription, NodeRuns.route(subscription, label(), runsAt, parameters));
    }

    Node awaitReady() {
      process().awaitReady();
      return this;
    }

    CaravanProcess process() {
      if (process == null) {
        throw new IllegalStateException(name + " was not started");
      }
      return process;
    }

    URI hook() {
      return process().hook();
    }

    /** Returns when it was done, in nanoTime. */
    long kill() {
      process().kill();
      long killed = System.nanoTime();
      runs.died(label());
      return killed;
    }

    @Override
    public void close() {
      if (process != null) {
        process.signal("CONT");
        process.close();
      }
    }
  }
}
