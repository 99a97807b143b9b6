package dev.caravan.log.sqlite;

import dev.caravan.log.Attempt;
import dev.caravan.log.Delivery;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An attempt handed to a handler; tells its dispatcher the outcome, once. */
final class RunningAttempt implements Attempt {
  private final Dispatcher dispatcher;
  private final Pending pending;
  private final BodyMemory memory;
  private final long startedAt = System.currentTimeMillis();
  private final long startedNanos = System.nanoTime();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Delivery delivery;
  private volatile boolean holdsMemory;

  RunningAttempt(Dispatcher dispatcher, Pending pending, BodyMemory memory) {
    this.dispatcher = dispatcher;
    this.pending = pending;
    this.memory = memory;
  }

  /**
   * Takes the memory its body needs, waiting for a while.
   *
   * @throws IllegalStateException when others do not let go of theirs
   */
  void takeMemory() throws InterruptedException {
    holdsMemory = memory.take(pending.length());
    if (!holdsMemory) {
      throw new IllegalStateException(
          "no memory for its large payload: other attempts have all of caravan.route-memory");
    }
  }

  void giveMemoryBack() {
    if (holdsMemory) {
      memory.giveBack(pending.length());
    }
  }

  /**
   * Says what to work on, before the handler gets the attempt.
   *
   * @throws ExpiredException when that is no longer kept
   */
  void delivery(@Nullable Delivery loaded) {
    if (loaded == null) {
      throw new ExpiredException();
    }
    delivery = loaded;
  }

  @Override
  public Delivery delivery() {
    return Objects.requireNonNull(delivery);
  }

  @Override
  public String position() {
    return Long.toString(pending.position());
  }

  @Override
  public int number() {
    return pending.attempts() + 1;
  }

  @Override
  public void succeeded() {
    end(null, Ending.SUCCESS);
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

  Pending pending() {
    return pending;
  }

  /** When it began, in milliseconds since 1970. */
  long startedAt() {
    return startedAt;
  }

  /** How long it has been running, in milliseconds, whatever the clock did meanwhile. */
  long took() {
    return (System.nanoTime() - startedNanos) / 1_000_000;
  }

  /** The GUID and what it is about, for a log line; only the position when it was never loaded. */
  String description() {
    Delivery loaded = delivery;
    return loaded == null
        ? "Delivery at " + pending.position()
        : "Delivery %s (%s, %s)"
            .formatted(loaded.guid(), loaded.event(), loaded.subject().repository());
  }

  /** Its GUID, or its position when it was never loaded. */
  String name() {
    Delivery loaded = delivery;
    return loaded == null ? position() : loaded.guid();
  }

  /** What a handler says of the attempt at last. */
  enum Ending {
    SUCCESS,
    FAILURE,
    FAILURE_FOR_GOOD,
    CUT_OFF
  }

  private void end(@Nullable Throwable cause, Ending ending) {
    if (over.compareAndSet(false, true)) {
      dispatcher.ended(this, cause, ending);
    }
  }
}
