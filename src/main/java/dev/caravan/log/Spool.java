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
     * Appends some that were kept, in this order and in one go. It may be given one again that it
     * has, and must not take that for a redelivery. When one fails that is worth another try, those
     * behind it in its lane fail too.
     *
     * @return what became of each
     */
    List<CompletableFuture<Receipt>> append(List<Delivery> kept);

    /**
     * Little is left to append, and appending works: new deliveries should wait until that is done
     * rather than be kept behind it, or a spool would never be empty while deliveries keep
     * arriving.
     */
    void almostAll();

    /** Everything that was kept is in the log. */
    void all();
  }

  /** Begins to append what is kept, and continues until it is closed. Call it once. */
  void appendTo(Destination log);

  /**
   * Keeps a delivery, behind those that were handed in before it.
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

  /** How many are left here that the log has refused for good; each start tries them once more. */
  long refused();

  /** Why nothing can be kept at this moment, or an empty text when it can. */
  String trouble();

  /** Ends appending. What is kept stays there, and is appended after the next start. */
  @Override
  void close();
}
