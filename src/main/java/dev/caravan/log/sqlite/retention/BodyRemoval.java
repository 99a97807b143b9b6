package dev.caravan.log.sqlite.retention;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.commit.TransactionPart;
import dev.caravan.log.sqlite.tables.BodyTable;
import dev.caravan.log.sqlite.tables.SubscriptionTable;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One small step of retention: deletes the oldest bodies. Those that a subscription has not
 * finished become its dead letters in the same transaction; for an idle one, whose filter is
 * unknown, only those that are due. It stops before a body that is still to be run by a
 * subscription which is not idle yet.
 */
public final class BodyRemoval implements TransactionPart {
  private static final int AT_ONCE = 20;

  /** The share of its size by which a log may be too large before that is pressing. */
  private static final int PRESSING_SHARE = 32;

  private final long before;
  private final long bytes;
  private final long nanos;
  private final long now;
  private final RunningSubscriptions running;
  private final CompletableFuture<Done> future = new CompletableFuture<>();
  private final long since = System.nanoTime();

  private final Set<RunningSubscription> affected = new HashSet<>();
  private final Map<String, Integer> expired = new HashMap<>();
  private int removed;
  private long newest;
  private boolean more;
  private boolean pressing;

  /**
   * @param before bodies received earlier are deleted, in milliseconds since 1970
   * @param bytes while the file holds more than this, any body is deleted
   * @param nanos how long the step may take
   */
  public BodyRemoval(long before, long bytes, long nanos, long now, RunningSubscriptions running) {
    this.before = before;
    this.bytes = bytes;
    this.nanos = nanos;
    this.now = now;
    this.running = running;
  }

  /**
   * What a step has done.
   *
   * @param newest when the last of the bodies removed was received
   * @param expired dead letters by subscription
   * @param more whether there is more to do
   * @param pressing whether the file is so much too large that appends may notice
   */
  public record Done(
      int removed, long newest, Map<String, Integer> expired, boolean more, boolean pressing) {}

  @Override
  public long since() {
    return since;
  }

  @Override
  public void write(Transaction writer) throws SQLException {
    beginAgain();
    long end = System.nanoTime() + nanos;
    do {
      List<BodyTable.Going> going = next(writer);
      more = !going.isEmpty();
      if (more) {
        remove(writer, going);
      }
    } while (more && System.nanoTime() < end);
  }

  /** If it was written before, that was rolled back because another part failed. */
  private void beginAgain() {
    affected.forEach(RunningSubscription::notExpired);
    affected.clear();
    expired.clear();
    removed = 0;
    newest = 0;
  }

  private List<BodyTable.Going> next(Transaction writer) throws SQLException {
    BodyTable bodies = writer.bodies();
    long used = writer.pages().count().bytesUsed();
    boolean full = used > bytes;
    pressing = used - bytes > bytes / PRESSING_SHARE;
    long age = full ? Long.MAX_VALUE : before;
    List<BodyTable.Going> going = wantedByNone(writer.subscriptions(), bodies.oldest(age, AT_ONCE));
    return going.isEmpty()
        ? wantedByNone(writer.subscriptions(), bodies.restored(age, AT_ONCE))
        : going;
  }

  private void remove(Transaction writer, List<BodyTable.Going> going) throws SQLException {
    expire(writer.subscriptions(), going);
    for (BodyTable.Going body : going) {
      newest = Math.max(newest, body.receivedAt());
      writer.bodies().remove(body);
    }
    removed += going.size();
  }

  private void expire(SubscriptionTable subscriptions, List<BodyTable.Going> going)
      throws SQLException {
    List<Envelope> entries = going.stream().map(BodyTable.Going::entry).toList();
    List<Envelope> toRun =
        going.stream().filter(BodyTable.Going::runs).map(BodyTable.Going::entry).toList();
    for (StoredSubscription subscription : subscriptions.all()) {
      List<Long> due = due(subscriptions, subscription, entries);
      RunningSubscription dispatcher = running.find(subscription.name());
      RunningSubscription.Expiring expiring =
          dispatcher == null
              ? new RunningSubscription.Expiring(Set.copyOf(due), Set.of())
              : dispatcher.expiring(toRun, due);
      Set<Long> unfinished = new HashSet<>(expiring.toRun());
      unfinished.addAll(expiring.begun());
      for (long position : unfinished) {
        subscriptions.expire(subscription.id(), position, now);
      }
      if (!unfinished.isEmpty()) {
        subscriptions.finished(subscription, unfinished);
        if (dispatcher != null) {
          affected.add(dispatcher);
        }
        if (!expiring.toRun().isEmpty()) {
          expired.merge(subscription.name(), expiring.toRun().size(), Integer::sum);
        }
      }
    }
  }

  private static List<Long> due(
      SubscriptionTable subscriptions, StoredSubscription subscription, List<Envelope> entries)
      throws SQLException {
    List<Long> due =
        subscriptions.dueBetween(
            subscription.id(),
            entries.get(0).position(),
            entries.get(entries.size() - 1).position());
    due.retainAll(entries.stream().map(Envelope::position).toList());
    return due;
  }

  /** Those before the first that a subscription which is about to run again may want. */
  private List<BodyTable.Going> wantedByNone(
      SubscriptionTable subscriptions, List<BodyTable.Going> going) throws SQLException {
    List<BodyTable.Going> free = going;
    for (StoredSubscription subscription : subscriptions.all()) {
      if (free.isEmpty()
          || running.find(subscription.name()) != null
          || running.isIdle(subscription.name())) {
        continue;
      }
      Set<Long> due =
          Set.copyOf(
              due(subscriptions, subscription, free.stream().map(BodyTable.Going::entry).toList()));
      int count = 0;
      while (count < free.size()
          && !due.contains(free.get(count).entry().position())
          && !(free.get(count).runs()
              && subscription.isAhead(free.get(count).entry().position()))) {
        count++;
      }
      free = free.subList(0, count);
    }
    return free;
  }

  @Override
  public void committed() {
    try {
      affected.forEach(RunningSubscription::expired);
    } finally {
      future.complete(new Done(removed, newest, expired, more, pressing));
    }
  }

  @Override
  public void failed(LogUnavailableException cause) {
    affected.forEach(RunningSubscription::notExpired);
    future.completeExceptionally(cause);
  }

  public CompletableFuture<Done> future() {
    return future;
  }
}
