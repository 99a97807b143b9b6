package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.attempts.LargeAttempts;
import dev.caravan.log.dispatch.attempts.RouteMemory;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A route of a simulated subscription, which holds what it is handed against what it may be handed:
 * nothing twice that was completed, of a lane one at a time and in order.
 */
final class SimulatedHandler implements DeliveryHandler {
  private static final String DOWN = "down";

  private final SubscriptionSettings settings;
  private final ManualTiming timing;
  private final Random random;
  private final TreeMap<Long, Known> known = new TreeMap<>();
  private final Map<String, Known> lanes = new HashMap<>();
  private final Map<String, Long> firsts = new HashMap<>();
  private final List<Attempt> hanging = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean mayBegin = true;
  private boolean calm;

  SimulatedHandler(SubscriptionSettings settings, ManualTiming timing, Random random) {
    this.settings = settings;
    this.timing = timing;
    this.random = random;
  }

  /** A delivery of the log. */
  static final class Known {
    final Envelope entry;
    int attempts;
    int completed;
    int mayComplete = 1;

    /** So many attempts there have to be in the end, or one that succeeded. */
    int mustTry;

    /** So many attempts there have to be in the end, whatever came of those before: a replay. */
    int mustRun;

    boolean isOutOfOrder;
    boolean isToBeRetried;

    /**
     * How often in a row the process has ended while it was run, which only tells if it is large.
     */
    int ends;

    /** So often that it was given up without being handed out. */
    boolean wasGivenUp;

    /** It was run to its end, which one that was superseded was not. */
    boolean ran;

    boolean wasSuperseded;
    long begunAt;
    boolean bodyWent;

    Known(Envelope entry) {
      this.entry = entry;
    }
  }

  void add(Envelope entry) {
    known.put(entry.position(), new Known(entry));
  }

  Known at(long position) {
    return known.get(position);
  }

  Iterable<Known> all() {
    return known.values();
  }

  /** Whether anything may be handed out: not while it is paused or the log cannot be written. */
  void mayBegin(boolean value) {
    mayBegin = value;
  }

  /** From now on everything succeeds. */
  void calmDown() {
    calm = true;
  }

  /** The process is gone: what was said and is not on disk was never said. */
  void died(MemoryTables disk) {
    lanes.clear();
    for (Attempt attempt : hanging) {
      Known delivery = known.get(Long.parseLong(attempt.position()));
      if (isLarge(delivery) && ++delivery.ends == LargeAttempts.MOST_ENDS) {
        delivery.ends = 0;
        delivery.wasGivenUp = true;
        delivery.isToBeRetried = false;
      }
    }
    hanging.clear();
    for (Known each : known.values()) {
      each.completed = disk.completed.getOrDefault(each.entry.position(), 0);
      each.ran = disk.ran.containsKey(each.entry.position());
    }
  }

  @Override
  public void handle(Attempt attempt) {
    timing.use(5);
    Known delivery = known.get(Long.parseLong(attempt.position()));
    String what = "attempt " + attempt.number() + " at " + attempt.position();
    check(mayBegin, what + " begins though nothing may");
    check(delivery.entry.isWantedBy(settings.filter()), what + " is not wanted");
    check(delivery.completed < delivery.mayComplete, what + " was completed");
    check(attempt.number() <= settings.retry().maxAttempts(), what + " is one too many");
    String lane = settings.orderBy().lane(delivery.entry.subject());
    if (lane != null) {
      check(lanes.put(lane, delivery) == null, what + " is the second of its lane at once");
      keepsItsTurn(delivery, lane, what);
    }
    if (settings.newestOnly() && isSuperseded(attempt, delivery, lane, what)) {
      over(attempt);
      delivery.attempts++; // it had its turn
      delivery.isToBeRetried = false;
      delivery.wasSuperseded = true;
      delivery.completed++;
      attempt.superseded();
      return;
    }
    if (isLarge(delivery)) {
      isAloneIfSuspect(delivery, what);
    }
    delivery.attempts++;
    delivery.begunAt = timing.nanos();
    hanging.add(attempt);
    check(hanging.size() <= settings.concurrency(), what + " is one too many at once");
    if (calm || random.nextBoolean()) {
      end(attempt);
    }
  }

  /** What a newer one of its lane has done is not undone. */
  private boolean isSuperseded(
      Attempt attempt, Known delivery, @Nullable String lane, String what) {
    boolean said = attempt.isSuperseded();
    List<Known> newer =
        lane == null
            ? List.of()
            : known.tailMap(delivery.entry.position(), false).values().stream()
                .filter(other -> other.entry.isWantedBy(settings.filter()))
                .filter(other -> lane.equals(settings.orderBy().lane(other.entry.subject())))
                .toList();
    check(!said || !newer.isEmpty(), what + " has no newer one in its place");
    check(
        said || delivery.isOutOfOrder || newer.stream().noneMatch(other -> other.ran),
        what + " undoes what a newer one has done");
    return said;
  }

  /** So that only what ends the program is found to do so. */
  private void isAloneIfSuspect(Known delivery, String what) {
    for (Attempt each : hanging) {
      Known other = known.get(Long.parseLong(each.position()));
      boolean counts = timing.nanos() - other.begunAt < RouteMemory.LONG_MILLIS * 1_000_000;
      boolean anySuspect = Math.max(delivery.ends, other.ends) >= LargeAttempts.MOST_ENDS - 1;
      check(
          !isLarge(other) || !counts || !anySuspect,
          what + " runs beside " + other.entry.position() + ", of which one ends the program");
    }
  }

  private static boolean isLarge(Known delivery) {
    return delivery.entry.length() >= LargeAttempts.LARGE;
  }

  private void keepsItsTurn(Known delivery, String lane, String what) {
    if (delivery.isOutOfOrder) {
      return;
    }
    long position = delivery.entry.position();
    if (delivery.attempts == 0) {
      long before = firsts.getOrDefault(lane, 0L);
      check(before < position, what + " comes after " + before);
      firsts.put(lane, position);
    }
    if (settings.strict()) {
      for (Known other : known.headMap(position).values()) {
        check(
            !other.isToBeRetried
                || other.isOutOfOrder
                || other.bodyWent
                || !lane.equals(settings.orderBy().lane(other.entry.subject())),
            what + " overtakes " + other.entry.position());
      }
    }
  }

  /** One of the attempts that hang ends, in some way. */
  void endOne() {
    if (!hanging.isEmpty()) {
      end(hanging.get(random.nextInt(hanging.size())));
    }
  }

  /** All that hang end, as those of a route that is stopped. */
  void stop() {
    for (Attempt attempt : List.copyOf(hanging)) {
      Known delivery = over(attempt);
      delivery.isToBeRetried = true;
      attempt.failed(new IllegalStateException(DOWN));
    }
  }

  boolean isIdle() {
    return hanging.isEmpty();
  }

  private Known over(Attempt attempt) {
    hanging.remove(attempt);
    Known delivery = known.get(Long.parseLong(attempt.position()));
    delivery.ends = 0;
    lanes.values().remove(delivery);
    return delivery;
  }

  private void end(Attempt attempt) {
    Known delivery = over(attempt);
    int kind = calm ? 9 : random.nextInt(10);
    delivery.isToBeRetried =
        kind == 0 || (kind < 4 && attempt.number() < settings.retry().maxAttempts());
    if (kind == 0) {
      attempt.cutOff();
    } else if (kind < 4) {
      attempt.failed(new IllegalStateException(DOWN));
    } else if (kind == 4) {
      attempt.failedForGood(new IllegalStateException(DOWN));
    } else {
      delivery.completed++;
      delivery.ran = true;
      attempt.succeeded();
    }
  }

  /** Kept, not thrown: what a handler throws is a failure of its attempt. */
  private void check(boolean isRight, String what) {
    if (!isRight) {
      wrong.add(what);
    }
  }

  /** What was not as it has to be. */
  List<String> wrong() {
    return wrong;
  }
}
