package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.figures.Distribution;
import dev.caravan.log.figures.GivenUp;
import dev.caravan.log.figures.Histogram;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The counts of one subscription's attempts. Safe for use by many threads. */
public final class SubscriptionCounters {
  private static final double MILLIS = 1e3;

  private static final int MOST_REMEMBERED = 20;

  private final Histogram attempts =
      new Histogram(
          MILLIS,
          List.of(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0));
  private final LongAdder failures = new LongAdder();
  private final Map<String, LongAdder> deadLetteredByError = new ConcurrentHashMap<>();
  private final Deque<GivenUp> newest = new ArrayDeque<>();
  private long givenUp;
  private volatile BooleanSupplier circuit = () -> false;
  private final FailingSpell failing = new FailingSpell();

  /** How long attempts took, in seconds. */
  public Distribution attempts() {
    return attempts.read();
  }

  /** How many attempts have failed. */
  public long failures() {
    return failures.sum();
  }

  /** How many deliveries became dead letters, by the kind of error. */
  public Map<String, Long> deadLetteredByError() {
    Map<String, Long> counts = new TreeMap<>();
    deadLetteredByError.forEach((error, count) -> counts.put(error, count.sum()));
    return counts;
  }

  /** The newest of them, oldest first. */
  public synchronized List<GivenUp> newestGivenUp() {
    return List.copyOf(newest);
  }

  /** For how many seconds most attempts have been failing, or the last one did; 0 when not. */
  public double failingSeconds(long nanos) {
    return failing.seconds(nanos);
  }

  /** Whether nothing runs but one attempt at a time, after failures in a row. */
  public boolean isCircuitOpen() {
    return circuit.getAsBoolean();
  }

  /** Sets where to look that up: several subscriptions may share a circuit. */
  public void circuit(BooleanSupplier isOpen) {
    circuit = isOpen;
  }

  /** Whether an attempt has failed or succeeded since this began. */
  public boolean hasSeenAttempts() {
    return failing.isKnown();
  }

  /** So many became dead letters without an attempt, since their bodies were deleted. */
  public void expired(int count) {
    deadLettered(ErrorClass.EXPIRED, count);
    remember(count, null, ErrorClass.EXPIRED);
  }

  void ended(Outcome outcome, long nanos) {
    if (outcome.next() == Outcome.Next.NOT_WANTED || outcome.isSuperseded()) {
      return;
    }
    attempts.record(outcome.took());
    if (outcome.isFailure()) {
      failures.increment();
      failing.failed(nanos);
    } else if (outcome.error() == null) {
      failing.succeeded(nanos);
    }
  }

  /** An outcome is on disk. A dead letter counts only then: before, a redelivery may undo it. */
  void written(Outcome outcome) {
    if (outcome.next() == Outcome.Next.DEAD_LETTER) {
      deadLettered(ErrorClass.of(String.valueOf(outcome.error())), 1);
      remember(1, Long.toString(outcome.position()), String.valueOf(outcome.error()));
    }
  }

  private synchronized void remember(int count, @Nullable String position, String error) {
    if (newest.size() == MOST_REMEMBERED) {
      newest.removeFirst();
    }
    givenUp += count;
    newest.add(new GivenUp(givenUp, position, error));
  }

  private void deadLettered(String error, int count) {
    boolean isKnown =
        deadLetteredByError.containsKey(error)
            || deadLetteredByError.size() < DeadLetteredCount.MOST_KINDS;
    deadLetteredByError
        .computeIfAbsent(isKnown ? error : DeadLetteredCount.OTHER, any -> new LongAdder())
        .add(count);
  }
}
