package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.subscription.Pace;
import dev.caravan.logging.LinesAbout;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a subscription, or all that share a destination, to their {@link Pace}: says whether
 * another attempt may begin now. What it holds back has not left its lane, so the order stays the
 * same. It outlives the subscriptions that replace each other. Safe for use by many threads.
 */
public final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");
  private static final long NANOS = 1_000_000;

  private final String name;
  private final Set<String> sharing = new HashSet<>();
  private final RecentStarts starts = new RecentStarts();
  private Pace pace = Pace.FREE;
  private @Nullable CircuitBreaker breaker;
  private boolean saidOverdue;

  /**
   * @param name the subscription's or the destination's, for the log
   */
  public Gate(String name) {
    this.name = name;
  }

  /** Sets the pace that its only subscription wants from now on. The circuit starts closed. */
  public synchronized void usedBy(Pace wanted) {
    adopt(wanted);
    beginCircuit();
  }

  /** A subscription begins to share it, or returns changed: the newest pace counts for all. */
  public synchronized void sharedBy(String subscription, Pace wanted) {
    sharing.add(subscription);
    if (sharing.size() > 1 && !wanted.equals(pace)) {
      LOG.warn(
          "\"{}\" sets another maximumRate or circuitBreaker for the destination {} than the routes before it. It applies to all of them.",
          subscription,
          name);
    }
    boolean isOtherCircuit =
        wanted.failures() != pace.failures() || !wanted.pause().equals(pace.pause());
    adopt(wanted);
    if (isOtherCircuit) {
      beginCircuit();
    }
  }

  private void adopt(Pace wanted) {
    pace = wanted;
    starts.most(wanted.most());
  }

  private void beginCircuit() {
    breaker =
        pace.failures() == 0 ? null : new CircuitBreaker(pace.failures(), pace.pause().toNanos());
    saidOverdue = false;
  }

  /** In how many milliseconds another attempt may begin: 0 for now. */
  public synchronized long waitMillis(long now) {
    long wait =
        Math.max(starts.nanosUntilNext(now), breaker == null ? 0 : breaker.nanosUntilNext(now));
    return (wait + NANOS - 1) / NANOS;
  }

  /** Whether so many attempts have failed in a row that only one runs at a time, as a trial. */
  public synchronized boolean isOpen() {
    return breaker != null && breaker.isOpen();
  }

  /** Lets an attempt begin; null when another subscription that shares this was faster. */
  synchronized @Nullable public Passage pass(long now) {
    if (waitMillis(now) > 0) {
      return null;
    }
    starts.begun(now);
    CircuitBreaker circuit = breaker;
    if (circuit == null) {
      return new Passage(now, null, 0);
    }
    if (circuit.isTrialOverdue(now) && !saidOverdue) {
      saidOverdue = true;
      LinesAbout.NOTHING.during(
          () ->
              LOG.warn(
                  "\"{}\": the attempt that tries its open circuit has not ended within {} s. Others try meanwhile.",
                  name,
                  pace.pause().toSeconds()));
    }
    return new Passage(now, circuit, circuit.begun(now));
  }

  /** An attempt that the gate let through; to be told once how it ended. */
  public final class Passage {
    private final long begunAt;
    private final @Nullable CircuitBreaker circuit;
    private final long number;

    private Passage(long begunAt, @Nullable CircuitBreaker circuit, long number) {
      this.begunAt = begunAt;
      this.circuit = circuit;
      this.number = number;
    }

    /** The attempt was not made after all. */
    public void untried(long now) {
      synchronized (Gate.this) {
        starts.takeBack(begunAt);
        toldNothing(now);
      }
    }

    public void ended(Ending ending, @Nullable Throwable cause, long now) {
      synchronized (Gate.this) {
        switch (ending) {
          case NOT_WANTED, SUPERSEDED -> untried(now);
          case SUCCESS -> succeeded();
          case FAILURE -> failed(cause, now);
          case FAILURE_FOR_GOOD, CUT_OFF -> toldNothing(now);
        }
      }
    }

    private void toldNothing(long now) {
      if (circuit != null) {
        circuit.toldNothing(number, now);
      }
    }

    private void succeeded() {
      if (circuit == null) {
        return;
      }
      boolean wasOpen = circuit.isOpen();
      circuit.succeeded(number);
      if (wasOpen && !circuit.isOpen() && circuit == breaker) {
        saidOverdue = false;
        LinesAbout.NOTHING.during(
            () -> LOG.warn("\"{}\" succeeds again: its circuit is closed.", name));
      }
    }

    private void failed(@Nullable Throwable cause, long now) {
      if (circuit == null) {
        return;
      }
      if (cause instanceof ExpiredException) {
        circuit.toldNothing(number, now);
        return;
      }
      boolean wasOpen = circuit.isOpen();
      circuit.failed(number, now);
      if (circuit.isOpen() && !wasOpen && circuit == breaker) {
        LinesAbout.NOTHING.during(
            () ->
                LOG.warn(
                    "\"{}\" fails each time: its circuit is open. From now on one attempt is made every {} s until one succeeds; the others wait.",
                    name,
                    pace.pause().toSeconds()));
      }
    }
  }
}
