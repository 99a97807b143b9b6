package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.EventTypes.EventType;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A delivery on its way into the log. */
public final class Append {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final Packing packing;
  private final int shard;
  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private final boolean isFromSpool;
  private volatile boolean isHandedOn;
  private volatile NewDelivery added;
  private volatile int packedAt;

  /**
   * Packs the delivery, on the thread that hands it in.
   *
   * @param isFromSpool whether it was kept on this node's disk, and may have been appended before
   */
  Append(Delivery delivery, Packing packing, boolean isFromSpool) {
    this.packing = packing;
    this.packedAt = packing.times();
    this.added = packing.pack(delivery);
    this.isFromSpool = isFromSpool;
    this.shard = Shards.of(added.delivery().subject(), added.delivery().guid());
  }

  public NewDelivery added() {
    return added;
  }

  /** Whether all was forgotten since it was packed: the database has another history. */
  boolean isOfAnotherHistory() {
    return packing.times() != packedAt;
  }

  /** Packs it again if the node's memory was cleared since, before it is appended. */
  void packAgain() {
    int now = packing.times();
    if (now != packedAt) {
      added = packing.pack(added.delivery());
      packedAt = now;
    }
  }

  public int shard() {
    return shard;
  }

  boolean hasWaited(long nanos) {
    return System.nanoTime() - since >= nanos;
  }

  EventType kind() {
    return new EventType(added.delivery().event(), added.delivery().subject().action());
  }

  long receivedAt() {
    return added.delivery().receivedAt().toEpochMilli();
  }

  public Envelope envelope(long position) {
    return new Envelope(
        position,
        added.delivery().event(),
        added.delivery().subject(),
        added.delivery().body().length);
  }

  boolean isFromSpool() {
    return isFromSpool;
  }

  /** The spool keeps it, and its receipt comes from there. */
  void handOn() {
    isHandedOn = true;
  }

  /** Whether it need not be appended any more. */
  boolean isOver() {
    return isHandedOn || receipt.isDone();
  }

  public CompletableFuture<Receipt> receipt() {
    return receipt;
  }

  /** It is committed at that position. */
  void isAt(long position, LogCounters counters) {
    counters.appendTime.record(System.nanoTime() - since);
    receipt.complete(new Receipt(added.delivery().guid(), Long.toString(position)));
  }

  /** It is on this node's disk, not yet in the database. */
  void isKept(Receipt kept) {
    receipt.complete(kept);
  }

  /** The database would refuse it every time. */
  void isRefused(SQLException cause) {
    LOG.error(
        "Delivery {} (repository {}) cannot be written and is left out.",
        added.delivery().guid(),
        added.delivery().subject().repository(),
        cause);
    String why = "The delivery log could not write this: " + ErrorSentence.of(cause);
    failed(new LogUnavailableException(why, cause, true));
  }

  void failed(LogUnavailableException cause) {
    receipt.completeExceptionally(cause);
  }
}
