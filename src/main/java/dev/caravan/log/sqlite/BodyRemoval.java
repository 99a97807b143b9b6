package dev.caravan.log.sqlite;

import dev.caravan.log.LogUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One small step of retention: takes the oldest bodies away. What a running subscription has not
 * finished of them becomes its dead letter in the same transaction; what one that is not running
 * was to run again is dropped.
 */
final class BodyRemoval implements Work {
  private static final int AT_ONCE = 20;

  /** The part of its size that a log may be too large by before it presses. */
  private static final int PRESSING_SHARE = 32;

  private final long before;
  private final long bytes;
  private final long nanos;
  private final long now;
  private final RunningSubscriptions running;
  private final CompletableFuture<Done> future = new CompletableFuture<>();
  private final long since = System.nanoTime();

  private final Set<Dispatcher> affected = new HashSet<>();
  private final Map<String, Integer> expired = new HashMap<>();
  private int removed;
  private long newest;
  private boolean more;
  private boolean pressing;

  /**
   * @param before bodies received before that go, in milliseconds since 1970
   * @param bytes while the file holds more than this, all go
   * @param nanos how long the step may take
   */
  BodyRemoval(long before, long bytes, long nanos, long now, RunningSubscriptions running) {
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
  record Done(
      int removed, long newest, Map<String, Integer> expired, boolean more, boolean pressing) {}

  @Override
  public long since() {
    return since;
  }

  @Override
  public void write(Writer writer) throws SQLException {
    long end = System.nanoTime() + nanos;
    do {
      List<BodyRemovals.Going> going = next(writer);
      more = !going.isEmpty();
      if (more) {
        remove(writer, going);
      }
    } while (more && System.nanoTime() < end);
  }

  private List<BodyRemovals.Going> next(Writer writer) throws SQLException {
    BodyRemovals bodies = writer.bodies();
    long used = writer.pages().bytesUsed();
    boolean full = used > bytes;
    pressing = used - bytes > bytes / PRESSING_SHARE;
    List<BodyRemovals.Going> going = bodies.oldest(full ? Long.MAX_VALUE : before, AT_ONCE);
    return going.isEmpty() ? bodies.restored(full ? Long.MAX_VALUE : before, AT_ONCE) : going;
  }

  private void remove(Writer writer, List<BodyRemovals.Going> going) throws SQLException {
    List<Entry> toRun = new ArrayList<>();
    for (BodyRemovals.Going body : going) {
      if (body.runs()) {
        toRun.add(body.entry());
      }
      newest = Math.max(newest, body.receivedAt());
    }
    if (!toRun.isEmpty()) {
      expire(writer.subscriptions(), toRun);
    }
    for (BodyRemovals.Going body : going) {
      writer.bodies().remove(body);
    }
    removed += going.size();
  }

  private void expire(SubscriptionWrites subscriptions, List<Entry> going) throws SQLException {
    Set<Long> positions = new HashSet<>();
    going.forEach(entry -> positions.add(entry.position()));
    Map<Long, Dispatcher> byId = new HashMap<>();
    for (Dispatcher dispatcher : running) {
      byId.put(dispatcher.id(), dispatcher);
    }
    for (long subscription : subscriptions.ids()) {
      List<Long> due =
          subscriptions.dueBetween(
              subscription, going.get(0).position(), going.get(going.size() - 1).position());
      due.retainAll(positions);
      Dispatcher dispatcher = byId.get(subscription);
      if (dispatcher == null || dispatcher.isClosed()) {
        for (long position : due) {
          subscriptions.notDue(subscription, position);
        }
      } else {
        expire(subscriptions, dispatcher, going, due);
      }
    }
  }

  private void expire(
      SubscriptionWrites subscriptions, Dispatcher dispatcher, List<Entry> going, List<Long> due)
      throws SQLException {
    Set<Long> unfinished = dispatcher.expiring(going, due);
    if (!unfinished.isEmpty()) {
      affected.add(dispatcher);
      expired.merge(dispatcher.name(), unfinished.size(), Integer::sum);
      for (long position : unfinished) {
        subscriptions.expire(dispatcher.id(), position, now);
      }
    }
  }

  @Override
  public void committed() {
    try {
      affected.forEach(Dispatcher::expired);
    } finally {
      future.complete(new Done(removed, newest, expired, more, pressing));
    }
  }

  @Override
  public void failed(LogUnavailableException cause) {
    affected.forEach(Dispatcher::notExpired);
    future.completeExceptionally(cause);
  }

  CompletableFuture<Done> future() {
    return future;
  }
}
