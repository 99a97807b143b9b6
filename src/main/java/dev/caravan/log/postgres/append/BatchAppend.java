package dev.caravan.log.postgres.append;

import dev.caravan.log.state.LogCounters;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Appends some deliveries: the new ones in one call, then those that came before. */
public final class BatchAppend {
  private final AppendCall call;
  private final Repeats repeats;
  private final Revivals revivals;
  private final LogCounters counters;
  private final Appended appended;

  BatchAppend(
      AppendCall call,
      Repeats repeats,
      Revivals revivals,
      LogCounters counters,
      Appended appended) {
    this.call = call;
    this.repeats = repeats;
    this.revivals = revivals;
    this.counters = counters;
    this.appended = appended;
  }

  /** Is told what this node has appended, on the appending thread. */
  @FunctionalInterface
  public interface Appended {
    /**
     * These are committed.
     *
     * @param at the deliveries that were new, by their positions, in order
     * @param first the first position of that call
     * @param next the position after its last
     */
    void committed(Map<Long, Append> at, long first, long next);
  }

  /**
   * Appends them, and completes their receipts.
   *
   * @param connection with auto-commit
   * @param mayBeOurs whether an earlier call, whose answer never came, may have written some
   */
  void append(Connection connection, List<Append> some, boolean mayBeOurs) throws SQLException {
    AppendCall.Appended done =
        call.run(
            connection,
            some.stream()
                .map(each -> new AppendCall.Row(each, each.added().hook(), null))
                .toList());
    Map<Long, Append> at = new LinkedHashMap<>();
    List<Append> known = new ArrayList<>();
    for (int index = 0; index < some.size(); index++) {
      long position = done.first() + index;
      if (done.added().contains(position)) {
        at.put(position, some.get(index));
      } else {
        known.add(some.get(index));
      }
    }
    committed(at, done.first(), done.first() + some.size());
    for (List<Append> same : bySame(known)) {
      Repeats.Place place = repeats.take(connection, same, mayBeOurs || same.get(0).isFromSpool());
      if (place.isNew()) {
        committed(Map.of(place.position(), same.get(0)), place.position(), place.position() + 1);
      }
      if (place.again() == null) {
        same.forEach(each -> each.isAt(place.position(), counters));
      } else {
        revivals.add(place.again()); // only their senders wait for that
      }
    }
  }

  private void committed(Map<Long, Append> at, long first, long next) {
    if (!at.isEmpty()) {
      counters.flushed.record(at.size());
    }
    at.forEach((position, each) -> each.isAt(position, counters));
    appended.committed(at, first, next);
  }

  /** Grouped by what makes them equal: a thousand copies need one query. */
  private static Collection<List<Append>> bySame(List<Append> known) {
    Map<List<Object>, List<Append>> same = new LinkedHashMap<>();
    for (Append each : known) {
      List<Object> key =
          List.of(
              ByteBuffer.wrap(each.added().guid()),
              each.added().checksum(),
              each.added().sentBy(),
              each.isFromSpool() ? each.receivedAt() : 0);
      same.computeIfAbsent(key, any -> new ArrayList<>()).add(each);
    }
    return same.values();
  }
}
