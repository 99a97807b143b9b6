package dev.caravan.log.search;

import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.Topic;
import dev.caravan.log.subscription.EventFilter;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells which deliveries of a stretch may match a query, by the fields that a stretch has. */
public final class StretchFilter {
  private final DeliveryQuery query;
  private final @Nullable Set<Integer> kinds;
  private final @Nullable Set<Long> positions;
  private final boolean withDiffering;
  private final long from;
  private final long to;

  /**
   * @param kinds the kinds wanted, or null for all
   * @param withDiffering whether to include repeats that differ from the first
   */
  public StretchFilter(DeliveryQuery query, @Nullable List<Integer> kinds, boolean withDiffering) {
    this.query = query;
    this.kinds = kinds == null ? null : new HashSet<>(kinds);
    this.positions = query.position() == null ? null : PositionRange.positions(query.position());
    this.withDiffering = withDiffering;
    this.from = query.from() == null ? Long.MIN_VALUE : PositionRange.millis(query.from());
    this.to = query.to() == null ? Long.MAX_VALUE : PositionRange.millis(query.to());
  }

  /** Whether the query asks for something that payloads may mention. */
  boolean asksForMentions() {
    Topic topic = query.topic();
    return topic != null && (topic.number() != null || topic.commit() != null);
  }

  /**
   * The rows that may match.
   *
   * @param low the first position that counts
   * @param high the position after the last
   * @param mentions the rows that mention the query's topic; null when that is unknown, and any may
   */
  public BitSet rows(Stretch stretch, long low, long high, @Nullable BitSet mentions) {
    BitSet wantedKinds = numbers(stretch.kinds(), kinds == null ? null : kinds::contains);
    EventFilter filter = query.filter();
    BitSet repositories =
        numbers(
            stretch.repositories(), filter.repository() == null ? null : filter::wantsRepository);
    String login = query.sender();
    BitSet senders =
        numbers(stretch.senders(), login == null ? null : value -> login.equalsIgnoreCase(value));
    Topic topic = query.topic();
    BitSet threads =
        numbers(
            stretch.threads(),
            topic == null || (mentions == null && asksForMentions()) ? null : topic::isThread);
    BitSet found = new BitSet(stretch.size());
    boolean mayBeAny =
        isSome(wantedKinds)
            && isSome(repositories)
            && isSome(senders)
            && (isSome(threads) || (mentions != null && !mentions.isEmpty()));
    for (int row = 0; mayBeAny && row < stretch.size(); row++) {
      long position = stretch.position(row);
      long receivedAt = stretch.receivedAt(row);
      if (position >= low
          && position < high
          && (positions == null || positions.contains(position))
          && receivedAt >= from
          && (receivedAt < to || to == Long.MAX_VALUE)
          && (withDiffering || !stretch.differs(row))
          && has(wantedKinds, stretch.kind(row))
          && has(repositories, stretch.repository(row))
          && has(senders, stretch.sender(row))
          && (has(threads, stretch.thread(row)) || (mentions != null && mentions.get(row)))) {
        found.set(row);
      }
    }
    return found;
  }

  private static boolean isSome(@Nullable BitSet wanted) {
    return wanted == null || !wanted.isEmpty();
  }

  private static boolean has(@Nullable BitSet wanted, int number) {
    return wanted == null || wanted.get(number);
  }

  /** The numbers of the values that are wanted; null when all are. */
  private static <T extends @Nullable Object> @Nullable BitSet numbers(
      List<T> values, @Nullable Predicate<T> wanted) {
    if (wanted == null) {
      return null;
    }
    BitSet numbers = new BitSet(values.size());
    for (int number = 0; number < values.size(); number++) {
      if (wanted.test(values.get(number))) {
        numbers.set(number);
      }
    }
    return numbers;
  }
}
