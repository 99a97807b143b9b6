package dev.caravan.log.postgres.history;

import dev.caravan.log.LogNode;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.reading.Readers;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the nodes of a shared log say about themselves, and where they differ but should not. */
public final class SharedNodes {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** Longer than changing one node after the other by hand takes. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final List<String> SAME_ON_ALL =
      List.of(LogNode.ROUTES, LogNode.SECRETS, LogNode.SETTINGS);

  /** In what two nodes must differ. */
  private static final String NAME = "name";

  private static final String SAY =
      "UPDATE node SET info = info || jsonb_object(?::text[]) WHERE id = ?";

  private static final String NODES =
      """
      SELECT n.id, n.name, (extract(epoch FROM n.started_at) * 1000)::bigint,
        (SELECT count(*) FROM cursor c WHERE c.owner = n.id),
        ARRAY(SELECT ARRAY[i.key, i.value] FROM jsonb_each_text(n.info) AS i),
        CASE WHEN n.expires_at < clock_timestamp() + l.length / 2
          THEN extract(epoch FROM clock_timestamp() - n.expires_at + l.length)::bigint END
      FROM node n, LATERAL (
        SELECT (n.info ->> 'lease')::bigint * interval '1 millisecond' AS length) AS l
      WHERE n.expires_at > clock_timestamp() ORDER BY n.name, n.id""";

  private static final String COUNT =
      "SELECT count(*) FROM node WHERE expires_at > clock_timestamp()";

  private final Sessions sessions;
  private final Readers readers;
  private final NodeNumber number;
  private final LongSupplier nanos;
  private final Map<Difference, Long> since = new ConcurrentHashMap<>();
  private final Set<Difference> said = ConcurrentHashMap.newKeySet();

  /**
   * @param nanos a clock that only moves forward
   */
  public SharedNodes(Sessions sessions, Readers readers, NodeNumber number, LongSupplier nanos) {
    this.sessions = sessions;
    this.readers = readers;
    this.number = number;
    this.nanos = nanos;
  }

  private record Difference(String node, String what) {}

  /** Writes this node's description, and compares the others'. */
  public void describe(Map<String, String> node) {
    List<String> texts = new ArrayList<>();
    node.forEach(
        (key, value) -> {
          texts.add(key);
          texts.add(value);
        });
    SharedTransactions.run(
        sessions,
        connection -> {
          try (PreparedStatement say = connection.prepareStatement(SAY)) {
            say.setArray(1, connection.createArrayOf("text", texts.toArray()));
            say.setLong(2, number.node());
            return say.executeUpdate();
          }
        });
    compare(read());
  }

  /** All live nodes. */
  public List<LogNode> nodes() {
    return read().stream().map(this::withDifferences).toList();
  }

  /** How many live nodes there are. */
  int count() {
    return readers.ask(
        reader -> {
          try (PreparedStatement count = reader.prepare(COUNT);
              ResultSet row = count.executeQuery()) {
            return row.next() ? row.getInt(1) : 0;
          }
        });
  }

  /** How many have differed from this node for longer than {@link #PATIENCE}. */
  public int differing() {
    return (int)
        said.stream()
            .filter(each -> !each.what().equals(NAME))
            .map(Difference::node)
            .distinct()
            .count();
  }

  private LogNode withDifferences(LogNode node) {
    Set<String> differing = new HashSet<>();
    SAME_ON_ALL.stream()
        .filter(what -> said.contains(new Difference(node.name(), what)))
        .forEach(differing::add);
    return new LogNode(
        node.id(), node.name(), node.isThis(), node.since(), node.shards(), node.says(), differing);
  }

  private void compare(List<LogNode> nodes) {
    LogNode own = nodes.stream().filter(LogNode::isThis).findAny().orElse(null);
    Set<Difference> differ = new HashSet<>();
    for (LogNode node : own == null ? List.<LogNode>of() : nodes) {
      for (String what : SAME_ON_ALL) {
        String here = own.says().get(what);
        String there = node.says().get(what);
        if (here != null && there != null && !Objects.equals(here, there)) {
          differ.add(new Difference(node.name(), what));
        }
      }
    }
    if (own != null
        && nodes.stream().anyMatch(each -> !each.isThis() && each.name().equals(own.name()))) {
      differ.add(new Difference(own.name(), NAME));
    }
    since.keySet().retainAll(differ);
    said.retainAll(differ);
    for (Difference each : differ) {
      long began = since.computeIfAbsent(each, any -> nanos.getAsLong());
      if (nanos.getAsLong() - began >= PATIENCE.toNanos() && said.add(each)) {
        report(each);
      }
    }
  }

  private static void report(Difference difference) {
    if (difference.what().equals(NAME)) {
      LOG.warn(
          "Another node of this log is named {} too. Give each a name of its own with caravan.node.",
          difference.node());
    } else {
      LOG.warn(
          "Node {} has had other {} than this one for {} minutes. All nodes of a log must have the same; caravan nodes shows them.",
          difference.node(),
          difference.what(),
          PATIENCE.toMinutes());
    }
  }

  private List<LogNode> read() {
    return readers.ask(this::read);
  }

  private List<LogNode> read(DeliveryReader reader) throws SQLException {
    List<LogNode> nodes = new ArrayList<>();
    try (PreparedStatement select = reader.prepare(NODES);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Map<String, String> says = new TreeMap<>();
        Object[] pairs = (Object[]) row.getArray(5).getArray();
        for (Object pair : pairs) {
          String[] of = (String[]) pair;
          says.put(of[0], of[1]);
        }
        long silent = row.getLong(6);
        if (silent > 0) { // for more than half of its lease
          says.put(LogNode.TROUBLE, "silent for " + silent + " s");
        }
        nodes.add(
            new LogNode(
                row.getLong(1),
                Objects.requireNonNull(row.getString(2)),
                row.getLong(1) == number.node(),
                Instant.ofEpochMilli(row.getLong(3)),
                row.getInt(4),
                says,
                Set.of()));
      }
    }
    return nodes;
  }
}
