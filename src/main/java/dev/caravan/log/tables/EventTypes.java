package dev.caravan.log.tables;

import dev.caravan.log.subscription.EventFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The known pairs of event and action, each with the number that stands for it in the tables.
 *
 * <p>Read by many threads, added to by the thread that writes deliveries. The number of pairs is
 * not bounded: senders are trusted, and GitHub has a few hundred.
 */
public final class EventTypes {
  /** An event and, where its payload has one, an action. */
  public record EventType(String event, @Nullable String action) {}

  /**
   * Takes a number above all that are in use. A harmed log may have lost the names of some, and a
   * salvaged one has several for one name.
   */
  private static final String ADD =
      """
      INSERT INTO kind SELECT 1 + max(
        (SELECT ifnull(max(id), 0) FROM kind),
        (SELECT ifnull(max(kind), 0) FROM delivery)), ?, ?
      RETURNING id""";

  private final Map<EventType, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, EventType> kinds = new ConcurrentHashMap<>();
  private volatile Runnable onUnknown = () -> {};

  /** Reads what is stored, and forgets what a failed transaction added. */
  public void reload(Connection connection) throws SQLException {
    Map<Integer, EventType> stored = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, event, action FROM kind")) {
      while (rows.next()) {
        stored.put(rows.getInt(1), new EventType(rows.getString(2), rows.getString(3)));
      }
    }
    stored.forEach(this::remember);
    kinds.keySet().retainAll(stored.keySet());
    ids.entrySet().removeIf(each -> !each.getKey().equals(stored.get(each.getValue())));
  }

  /**
   * The number of that kind, given now if it is new. Called by the thread that writes deliveries.
   */
  public int idOf(EventType kind, Connection writer) throws SQLException {
    Integer known = ids.get(kind);
    if (known != null) {
      return known;
    }
    int id;
    try (PreparedStatement insert = writer.prepareStatement(ADD)) {
      insert.setString(1, kind.event());
      insert.setString(2, kind.action());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        id = row.getInt(1);
      }
    }
    remember(id, kind);
    return id;
  }

  /** Sets what to do at an unknown number: other nodes may have added it. */
  public void onUnknown(Runnable learn) {
    onUnknown = learn;
  }

  /**
   * The kind that a number stands for. In a harmed log that may be lost; then it is named by the
   * number, so that one delivery keeps no others from being read.
   */
  public EventType kind(int id) {
    EventType known = kinds.get(id);
    if (known == null) {
      onUnknown.run();
      known = kinds.get(id);
    }
    return known == null ? new EventType("unknown_" + id, null) : known;
  }

  /** The number of that kind, or null when it is not known here. */
  public @Nullable Integer find(EventType kind) {
    return ids.get(kind);
  }

  /** The numbers of all kinds the filter wants, or null when it wants every kind there can be. */
  public @Nullable List<Integer> wanted(EventFilter filter) {
    if (filter.events().contains("*")) {
      return null;
    }
    return kinds.entrySet().stream()
        .filter(entry -> filter.wants(entry.getValue().event(), entry.getValue().action()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private void remember(int id, EventType kind) {
    ids.put(kind, id);
    kinds.put(id, kind);
  }
}
