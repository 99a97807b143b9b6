package dev.caravan.log;

import dev.caravan.delivery.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps deliveries on this machine's disk while the log that they are for cannot be reached, and
 * appends them to it afterwards, in order within each lane. Safe for use by many threads.
 */
public interface Spool extends AutoCloseable {
  /**
   * What is kept and not in the log yet.
   *
   * @param deliveries how many
   * @param oldestSeconds the age of the oldest of them; 0 without one
   */
  record Waiting(long deliveries, double oldestSeconds) {
    /** Nothing waits. */
    public static final Waiting NONE = new Waiting(0, 0);
  }

  /** The log that deliveries are kept for. Safe for use by many threads. */
  interface Destination {
    /**
     * Appends some that were kept, in this order and in one go. It may be asked again for one that
     * it has, and must not take that for a redelivery. Where one fails that is worth another try,
     * so do those of its lane that are behind it.
     *
     * @return what became of each
     */
    List<CompletableFuture<Receipt>> append(List<Delivery> kept);

    /**
     * Little is left to append, and that works: new deliveries should wait for that moment rather
     * than be kept behind it, or a spool would never be empty when something always arrives.
     */
    void almostAll();

    /** Everything that was kept is in the log. */
    void all();
  }

  /** Begins to append what is kept, and continues until it is closed. Call it once. */
  void appendTo(Destination log);

  /**
   * Keeps one behind those that were handed in before.
   *
   * @return a future that completes once it is flushed to disk, or fails with {@link
   *     LogUnavailableException}
   */
  CompletableFuture<Receipt> keep(Delivery delivery);

  /** How long a delivery waits for the log before it is kept here. */
  Duration patience();

  /** Whether something is kept that is not in the log yet: new deliveries belong behind it. */
  boolean isInUse();

  /** What is kept and not in the log yet. */
  Waiting waiting();

  /** Why nothing can be kept at this moment, or an empty text. */
  String trouble();

  /** Ends appending. What is kept stays there, and is appended after the next start. */
  @Override
  void close();
}
