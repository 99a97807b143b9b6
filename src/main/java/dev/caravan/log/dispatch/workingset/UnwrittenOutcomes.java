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

  /** Whether there are so many that nothing more may run before some are written. */
  boolean isFull() {
    return waiting.size() + (underWay == null ? 0 : underWay.size()) >= MOST;
  }

  /** Whether it is time to write them, so that it does not come to that. */
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

  /** It may have been made due since it ended: its body went. */
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

  /** The transaction has written of these that they run again. */
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

  /** Nothing of the transaction is on disk: it all waits again, before what has come since. */
  void notWritten() {
    List<InFlightDelivery> again = new ArrayList<>(written());
    again.addAll(waiting);
    waiting = again;
  }

  /**
   * GitHub has sent one again that is among these: if it failed and that waits to be written, it is
   * tried again. So is a dead letter of the transaction under way, which is that of the redelivery
   * too: what revives it there comes after it.
   *
   * @return what becomes of it, or null when the tables of that transaction say
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
