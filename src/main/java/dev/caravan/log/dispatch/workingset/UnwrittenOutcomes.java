package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a subscription whose outcomes are not on disk: those waiting for the next
 * transaction, and those in the one under way. A crash repeats no more than these.
 *
 * <p>Not safe for use by several threads.
 */
final class UnwrittenOutcomes {
  private static final int MOST = 256;

  private List<InFlightDelivery> waiting = new ArrayList<>();
  private @Nullable List<InFlightDelivery> underWay;

  void add(InFlightDelivery delivery, Outcome outcome) {
    delivery.outcome(outcome);
    waiting.add(delivery);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether there are so many that nothing may run before some are written. */
  boolean isFull() {
    return waiting.size() + (underWay == null ? 0 : underWay.size()) >= MOST;
  }

  /** Whether it is time to write them, before it is full. */
  boolean isFillingUp() {
    return waiting.size() >= MOST / 2;
  }

  boolean isBeingWritten() {
    return underWay != null;
  }

  /** Takes what waits into a transaction; {@link #written} or {@link #notWritten} follows. */
  List<Outcome> take() {
    underWay = waiting;
    waiting = new ArrayList<>();
    return underWay.stream().map(UnwrittenOutcomes::outcome).toList();
  }

  /** The delivery may have become due since it ended, because its body was deleted. */
  private static Outcome outcome(InFlightDelivery delivery) {
    Outcome outcome = Objects.requireNonNull(delivery.outcome());
    return outcome.isDue() == delivery.isDue() ? outcome : outcome.due();
  }

  /** Whether its outcome waits for the next transaction. */
  boolean isWaiting(InFlightDelivery delivery) {
    return delivery.outcome() != null && !isUnderWay(delivery);
  }

  private boolean isUnderWay(InFlightDelivery delivery) {
    return underWay != null && underWay.contains(delivery);
  }

  /** The transaction has written that these run again. */
  void sentAgain(Set<Long> positions) {
    for (InFlightDelivery delivery : underWay == null ? List.<InFlightDelivery>of() : underWay) {
      if (positions.contains(delivery.position())) {
        delivery.outcome(Objects.requireNonNull(delivery.outcome()).again());
      }
    }
  }

  /** The transaction is on disk; returns what was in it. */
  List<InFlightDelivery> written() {
    List<InFlightDelivery> written = underWay == null ? List.of() : underWay;
    underWay = null;
    return written;
  }

  /** Nothing of the transaction is on disk: all of it waits again, before what came since. */
  void notWritten() {
    List<InFlightDelivery> again = new ArrayList<>(written());
    again.addAll(waiting);
    waiting = again;
  }

  /**
   * GitHub has sent again one of these: if it failed and waits to be written, it is tried again. So
   * is a dead letter in the transaction under way: the redelivery is in that transaction too, and
   * revives it after the outcomes are written.
   *
   * @return what becomes of it, or null when only that transaction's tables tell
   */
  @Nullable Next redelivered(InFlightDelivery delivery) {
    Outcome outcome = Objects.requireNonNull(delivery.outcome());
    boolean isUnderWay = isUnderWay(delivery);
    if (isUnderWay ? outcome.next() != Next.DEAD_LETTER : outcome.next() == Next.NOT_WANTED) {
      return null;
    }
    if (outcome.next() == Next.DONE) {
      return Next.DONE;
    }
    delivery.outcome(outcome.again());
    return isUnderWay ? null : Next.AGAIN;
  }
}
