package dev.caravan.log.dispatch.attempts;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import dev.caravan.log.subscription.Attempt;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An attempt handed to a handler; tells its dispatcher the outcome, once. */
public final class RunningAttempt implements Attempt {
  private final Owner owner;
  private final InFlightDelivery inFlight;
  private final int number;
  private final RouteMemory.Hold memory;
  private final Gate.Passage passage;
  private final Timing timing;
  private final long startedAt;
  private final long startedNanos;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Delivery delivery;
  private volatile @Nullable String guid;
  private volatile boolean isOvertaken;
  private @Nullable Thread thread;
  private boolean isInterrupted;

  /** Whose attempt it is. */
  public interface Owner {
    /**
     * An attempt is over.
     *
     * @param cause why it failed, or null when it succeeded
     * @param told what the handler reported
     */
    void ended(RunningAttempt attempt, @Nullable Throwable cause, Ending told);

    /** An attempt was not even begun. */
    void untried(RunningAttempt attempt);

    /** Whether a newer delivery of its lane waits behind it. */
    boolean hasNewer(InFlightDelivery delivery);
  }

  public RunningAttempt(
      Owner owner,
      InFlightDelivery inFlight,
      RouteMemory.Hold memory,
      Gate.Passage passage,
      Timing timing) {
    this.owner = owner;
    this.inFlight = inFlight;
    this.number = inFlight.attempts() + 1;
    this.memory = memory;
    this.passage = passage;
    this.timing = timing;
    this.startedAt = timing.millis();
    this.startedNanos = timing.nanos();
  }

  /** The memory it holds for its body. */
  RouteMemory.Hold memory() {
    return memory;
  }

  /** Its way through the gate. */
  public Gate.Passage passage() {
    return passage;
  }

  /**
   * Sets the delivery, before the handler gets the attempt.
   *
   * @throws ExpiredException when it is null: no longer kept
   */
  void delivery(@Nullable Delivery loaded) {
    if (loaded == null) {
      throw new ExpiredException(false);
    }
    delivery = loaded;
    guid = loaded.guid();
  }

  /** The thread that calls the handler, from now until {@link #leaves}. */
  synchronized void enters(Thread caller) {
    thread = caller;
  }

  synchronized void leaves() {
    thread = null;
  }

  /** Interrupts the thread that works on it, as a stop does; if it fails then, it was cut off. */
  public synchronized void interrupt() {
    if (!isInterrupted && thread != null) {
      thread.interrupt();
    }
    isInterrupted = true;
  }

  public synchronized boolean isInterrupted() {
    return isInterrupted;
  }

  /** Sets, before the handler gets the attempt, whether a newer delivery has run meanwhile. */
  void overtaken(boolean value) {
    isOvertaken = value;
  }

  /** Sets the GUID of a delivery that could not be read. */
  void guid(@Nullable String known) {
    guid = known;
  }

  @Override
  public Delivery delivery() {
    return Objects.requireNonNull(delivery);
  }

  @Override
  public String position() {
    return Long.toString(inFlight.position());
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public void succeeded() {
    end(null, Ending.SUCCESS);
  }

  @Override
  public void notWanted() {
    end(null, Ending.NOT_WANTED);
  }

  @Override
  public boolean isSuperseded() {
    return isOvertaken || owner.hasNewer(inFlight);
  }

  @Override
  public void superseded() {
    end(null, Ending.SUPERSEDED);
  }

  @Override
  public void failed(Throwable cause) {
    end(cause, Ending.FAILURE);
  }

  @Override
  public void failedForGood(Throwable cause) {
    end(cause, Ending.FAILURE_FOR_GOOD);
  }

  @Override
  public void cutOff() {
    end(null, Ending.CUT_OFF);
  }

  public InFlightDelivery inFlight() {
    return inFlight;
  }

  /** When it began, in milliseconds since 1970. */
  long startedAt() {
    return startedAt;
  }

  /** How long it has been running, in milliseconds, even if the clock was set meanwhile. */
  long took() {
    return (timing.nanos() - startedNanos) / 1_000_000;
  }

  /** Its GUID, event and repository for a log line, as far as known. */
  String description() {
    Delivery loaded = delivery;
    if (loaded != null) {
      String repository = loaded.subject().repository();
      return "Delivery %s (%s%s)"
          .formatted(loaded.guid(), loaded.event(), repository == null ? "" : ", " + repository);
    }
    return guid == null ? "Delivery at " + inFlight.position() : "Delivery " + guid;
  }

  /** Its GUID; null when nothing of it could be read. */
  @Nullable String guid() {
    return guid;
  }

  /** It was not even begun. */
  void untried() {
    if (over.compareAndSet(false, true)) {
      owner.untried(this);
    }
  }

  private void end(@Nullable Throwable cause, Ending ending) {
    if (over.compareAndSet(false, true)) {
      owner.ended(this, cause, ending);
    }
  }
}
