package dev.caravan.watch;

import dev.caravan.config.OutOfMemory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Looks at something about twice a second, on a thread of its own: that notices every way of
 * changing a file, an editor's rename and a swapped symbolic link included. A change is taken once
 * it has looked the same twice, so that a file still being written is left alone.
 *
 * @param <T> what is seen at one look; two that look the same are equal
 */
public final class Watch<T> implements AutoCloseable {
  private final Subject<T> subject;
  private final ScheduledExecutorService watcher;
  private T lastSeen;
  private T lastTaken;
  private String lastComplaint = "";

  /**
   * What is watched.
   *
   * @param <T> what is seen of it
   */
  public interface Subject<T> {
    /**
     * Looks at it as it is now.
     *
     * @throws RuntimeException with a sentence for the user when that is not possible
     */
    T look();

    /**
     * Takes a change, once.
     *
     * @throws RuntimeException with a sentence for the user when it cannot be used
     */
    void take(T changed);

    /** Tells the user what is wrong; called once for the same sentence, until it works again. */
    void complain(String sentence);

    /** What to say of a failure. */
    default String sentence(Throwable failure) {
      return failure instanceof RuntimeException
          ? String.valueOf(failure.getMessage())
          : "A look failed (" + failure + ").";
    }
  }

  /**
   * Begins to look.
   *
   * @param thread its name
   * @param inUse what was seen and taken before
   */
  public Watch(String thread, Duration every, Subject<T> subject, T inUse) {
    this.subject = subject;
    this.lastSeen = inUse;
    this.lastTaken = inUse;
    this.watcher =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread made = new Thread(work, thread);
              made.setDaemon(true);
              return made;
            });
    ScheduledFuture<?> unused =
        watcher.scheduleWithFixedDelay(
            this::lookAgain, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void lookAgain() {
    try {
      T seen = subject.look();
      if (seen.equals(lastSeen) && !seen.equals(lastTaken)) {
        lastTaken = seen;
        subject.take(seen);
      }
      lastSeen = seen;
      lastComplaint = "";
    } catch (RuntimeException | Error e) { // or nobody would look again
      OutOfMemory.endsProgram(e);
      String complaint = subject.sentence(e);
      if (!complaint.equals(lastComplaint)) {
        lastComplaint = complaint;
        subject.complain(complaint);
      }
    }
  }

  /** Stops looking; a look that has begun may continue for a moment. */
  @Override
  public void close() {
    watcher.shutdownNow();
  }
}
