package dev.caravan.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * What a log has taken and what its subscriptions have done with it, in plain maps: what the log
 * does is held against this while it does it, and once more at the end. Safe for use by many
 * threads; what is wrong is kept for the test's own thread.
 */
final class LogModel {
  static final int MOST_ATTEMPTS = 3;

  private final long seed;
  private final Map<String, Taken> taken = new LinkedHashMap<>();
  private final Map<String, Reader> readers = new LinkedHashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<Running> hanging = new ArrayList<>();
  private int order;
  private int life;
  private boolean calm;

  LogModel(long seed) {
    this.seed = seed;
  }

  /** A delivery that was sent, and perhaps taken. */
  static final class Taken {
    final String content;
    final Delivery delivery;
    final boolean differs;
    final int order;
    @Nullable String position;

    /** The log died before it said so. */
    boolean isUnsure;

    boolean bodyMayBeGone;
    boolean bodyCameBack;

    Taken(String content, Delivery delivery, boolean differs, int order) {
      this.content = content;
      this.delivery = delivery;
      this.differs = differs;
      this.order = order;
    }

    String guid() {
      return delivery.guid();
    }
  }

  /** A subscription, for as long as the log knows it. */
  static final class Reader {
    final SubscriptionSettings settings;
    final Map<Taken, Pair> pairs = new HashMap<>();
    final Map<String, Running> lanes = new HashMap<>();
    final Map<String, Integer> firstAttempts = new HashMap<>();
    boolean isRunning;
    boolean isPaused;
    int inWork;

    /** While it is paused, how many attempts that were on their way may still begin. */
    int mayBegin;

    Reader(SubscriptionSettings settings) {
      this.settings = settings;
    }

    Pair pair(Taken delivery) {
      return pairs.computeIfAbsent(delivery, unused -> new Pair());
    }

    boolean wants(Taken delivery) {
      return !delivery.differs
          && settings
              .filter()
              .wants(
                  delivery.delivery.event(),
                  delivery.delivery.subject().action(),
                  delivery.delivery.subject().repository());
    }
  }

  /** One delivery with one subscription. */
  static final class Pair {
    boolean isExpected;
    int attempts;
    int completed;

    /** It was completed, and no crash can have undone that. */
    boolean isSurelyCompleted;

    /** How often it may complete. */
    int mayComplete = 1;

    /** Of the completions, how many are known to be on disk. */
    int onDisk;

    /** How often it has to have completed, or to be given up, at the end. */
    int hasToComplete;

    /** How often it has to have been tried, unless its body went. */
    int hasToBeTried;

    /** Its place in its lane is no longer that of its arrival. */
    boolean isOutOfOrder;

    /** It failed and is to be tried again. */
    boolean isToBeRetried;

    boolean wasGivenUp;
    boolean bodyMayHaveGone;
  }

  /** An attempt under way. */
  record Running(Reader reader, Taken delivery, Attempt attempt, int life) {}

  private enum Ending {
    SUCCESS,
    FAILURE,
    FAILURE_FOR_GOOD,
    CUT_OFF
  }

  // --- what the test does ---

  /** What is sent now: a delivery that came before, or a new one. */
  synchronized Taken send(Delivery delivery, boolean differs) {
    String content = content(delivery);
    Taken known = taken.get(content);
    if (known == null) {
      known = new Taken(content, delivery, differs, ++order);
      taken.put(content, known);
      for (Reader reader : readers.values()) {
        reader.pair(known).isExpected = reader.wants(known);
      }
      return known;
    }
    for (Reader reader : readers.values()) {
      if (reader.wants(known)) {
        Pair pair = reader.pair(known);
        pair.isOutOfOrder = true;
        if (reader.isRunning) {
          pair.isExpected = true;
        }
      }
    }
    return known;
  }

  /** It was answered. */
  synchronized void taken(int lifeThen, Taken delivery, String position, boolean isRepeat) {
    if (lifeThen != life) {
      return;
    }
    check(
        delivery.position == null || delivery.position.equals(position),
        "{} is at {}, and was at {}",
        delivery.content,
        position,
        delivery.position);
    delivery.position = position;
    delivery.isUnsure = false;
    if (isRepeat) {
      if (delivery.bodyMayBeGone) {
        delivery.bodyCameBack = true; // a subscription that is new begins with those that stayed
        delivery.bodyMayBeGone = false; // until the next sweep: it may be the old one that stayed
      }
    }
  }

  synchronized void subscribed(SubscriptionSettings settings) {
    Reader reader = readers.get(settings.name());
    if (reader == null) {
      reader = new Reader(settings);
      readers.put(settings.name(), reader);
      if (settings.startFrom().equals(StartFrom.BEGINNING)) {
        for (Taken delivery : taken.values()) {
          if (reader.wants(delivery)
              && !delivery.isUnsure
              && !delivery.bodyMayBeGone
              && !delivery.bodyCameBack) {
            reader.pair(delivery).isExpected = true;
          }
        }
      }
    }
    reader.isRunning = true;
  }

  synchronized void closed(String name) {
    reader(name).isRunning = false;
  }

  synchronized void paused(String name, int onTheirWay) {
    Reader reader = reader(name);
    if (!reader.isPaused) {
      reader.mayBegin = Math.max(0, onTheirWay - reader.inWork);
    }
    reader.isPaused = true;
  }

  synchronized void resumed(String name) {
    reader(name).isPaused = false;
  }

  /** A replay of one delivery begins; its subscription may complete it once more from now on. */
  synchronized void replaying(Reader reader, Taken delivery) {
    Pair pair = reader.pair(delivery);
    pair.mayComplete++;
    pair.isOutOfOrder = true;
  }

  /**
   * It was scheduled, or left alone.
   *
   * @param completedBefore how often it had completed before the replay began
   */
  synchronized void replayed(
      Reader reader, Taken delivery, boolean isScheduled, int completedBefore) {
    Pair pair = reader.pair(delivery);
    if (isScheduled) {
      pair.hasToComplete = Math.max(pair.hasToComplete, completedBefore + 1);
    } else {
      pair.mayComplete--;
    }
  }

  /** Bodies from before that time may be gone by now. */
  synchronized void swept(Instant before) {
    for (Taken delivery : taken.values()) {
      if (delivery.delivery.receivedAt().isBefore(before)) {
        delivery.bodyMayBeGone = true;
        for (Reader reader : readers.values()) {
          Pair pair = reader.pair(delivery);
          pair.bodyMayHaveGone = true;
          if (!reader.isRunning) {
            pair.isExpected = false; // an idle one holds nothing
            pair.hasToComplete = 0;
          }
        }
      }
    }
  }

  /** The process is gone, and all that was in it. */
  synchronized void died(Collection<Taken> unanswered) {
    life++;
    hanging.clear();
    unanswered.forEach(delivery -> delivery.isUnsure = true);
    for (Reader reader : readers.values()) {
      reader.isRunning = false;
      reader.lanes.clear();
      reader.inWork = 0;
      reader.mayBegin = 0;
      for (Map.Entry<Taken, Pair> entry : reader.pairs.entrySet()) {
        Pair pair = entry.getValue();
        pair.mayComplete += Math.max(0, pair.completed - pair.onDisk);
        pair.isSurelyCompleted &= pair.completed <= pair.onDisk;
        pair.onDisk = Math.max(pair.onDisk, pair.completed); // or it would be allowed twice
        boolean wasInWorkWithoutBody = pair.bodyMayHaveGone && pair.attempts > 0;
        if (entry.getKey().isUnsure || wasInWorkWithoutBody) {
          pair.isExpected = false;
          pair.hasToComplete = 0;
          pair.hasToBeTried = 0;
        }
      }
    }
  }

  /** The process ends in order: what was said by now counts. */
  synchronized void stopping() {
    for (Reader reader : readers.values()) {
      reader.pairs.values().forEach(pair -> pair.onDisk = Math.max(pair.onDisk, pair.completed));
    }
    died(List.of());
  }

  /** So often it was completed, as can be read: that much never runs again by itself. */
  synchronized void onDisk(Reader reader, Taken delivery, int completions) {
    Pair pair = reader.pair(delivery);
    pair.onDisk = Math.max(pair.onDisk, completions);
  }

  /** From now on everything succeeds. */
  synchronized void calmDown() {
    calm = true;
  }

  /** Ends one of the attempts that hang, or all. */
  synchronized void endHanging(boolean all) {
    while (!hanging.isEmpty()) {
      Running running = hanging.remove(0);
      end(running, Ending.SUCCESS);
      if (!all) {
        return;
      }
    }
  }

  /** Those of a subscription that is closed are stopped, as a route's are. */
  synchronized void stopHanging(String name) {
    for (Running running : List.copyOf(hanging)) {
      if (running.reader.settings.name().equals(name)) {
        hanging.remove(running);
        end(running, Ending.FAILURE);
      }
    }
  }

  // --- what the log does ---

  synchronized DeliveryHandler handler(String name) {
    Reader reader = reader(name);
    int lifeThen = life;
    return attempt -> begin(reader, attempt, lifeThen);
  }

  private synchronized void begin(Reader reader, Attempt attempt, int lifeThen) {
    if (lifeThen != life) {
      return; // in a process that is gone
    }
    Taken delivery = taken.get(content(attempt.delivery()));
    String what = reader.settings.name() + " of " + content(attempt.delivery());
    if (delivery == null || !reader.wants(delivery)) {
      wrong.add("an attempt that nobody wants: " + what);
      attempt.succeeded();
      return;
    }
    Pair pair = reader.pair(delivery);
    Running running = new Running(reader, delivery, attempt, life);
    reader.inWork++;
    check(reader.inWork <= reader.settings.concurrency(), "too many at once: {}", what);
    check(pair.completed < pair.mayComplete, "{} completed it before ({})", what, pair.completed);
    check(
        attempt.number() >= 1 && attempt.number() <= MOST_ATTEMPTS,
        "{} is attempt {}",
        what,
        attempt.number());
    if (reader.isPaused) {
      check(reader.mayBegin-- > 0, "{} begins while it is paused", what);
    }
    String lane = reader.settings.orderBy().lane(delivery.delivery.subject());
    if (lane != null) {
      Running other = reader.lanes.put(lane, running);
      check(other == null, "two of one lane at once: {}", what);
      keepsItsTurn(reader, delivery, pair, lane, what);
    }
    pair.attempts++;
    if (!calm && reader.isRunning && isToHang(delivery, pair)) {
      hanging.add(running);
    } else {
      end(running, calm ? Ending.SUCCESS : ending(delivery, pair));
    }
  }

  private void keepsItsTurn(Reader reader, Taken delivery, Pair pair, String lane, String what) {
    if (pair.isOutOfOrder) {
      return;
    }
    if (pair.attempts == 0) {
      int last = reader.firstAttempts.getOrDefault(lane, 0);
      check(delivery.order > last, "{} is tried after number {} of its lane", what, last);
      reader.firstAttempts.put(lane, delivery.order);
    }
    if (reader.settings.strict()) {
      reader.pairs.forEach(
          (other, state) ->
              check(
                  !state.isToBeRetried
                      || state.isOutOfOrder
                      || state.bodyMayHaveGone
                      || other.order >= delivery.order
                      || !lane.equals(reader.settings.orderBy().lane(other.delivery.subject())),
                  "{} overtakes {}, which is to be tried again",
                  what,
                  other.content));
    }
  }

  private void end(Running running, Ending ending) {
    if (running.life != life) {
      return;
    }
    Reader reader = running.reader;
    Pair pair = reader.pair(running.delivery);
    reader.inWork--;
    reader.lanes.values().remove(running);
    switch (ending) {
      case SUCCESS -> {
        pair.completed++;
        pair.isSurelyCompleted = true;
        pair.isToBeRetried = false;
        pair.wasGivenUp = false;
        running.attempt.succeeded();
      }
      case CUT_OFF -> {
        pair.isToBeRetried = true;
        running.attempt.cutOff();
      }
      case FAILURE -> {
        boolean last = reader.isRunning && running.attempt.number() == MOST_ATTEMPTS;
        pair.isToBeRetried = !last;
        pair.wasGivenUp |= last;
        running.attempt.failed(new IllegalStateException("down"));
      }
      case FAILURE_FOR_GOOD -> {
        pair.isToBeRetried = !reader.isRunning;
        pair.wasGivenUp |= reader.isRunning;
        running.attempt.failedForGood(new IllegalStateException("wrong"));
      }
    }
  }

  private boolean isToHang(Taken delivery, Pair pair) {
    return random(delivery, pair, 1).nextInt(8) == 0;
  }

  private Ending ending(Taken delivery, Pair pair) {
    return switch (random(delivery, pair, 2).nextInt(12)) {
      case 0, 1, 2 -> Ending.FAILURE;
      case 3 -> Ending.FAILURE_FOR_GOOD;
      case 4 -> Ending.CUT_OFF;
      default -> Ending.SUCCESS;
    };
  }

  private Random random(Taken delivery, Pair pair, int what) {
    return new Random(seed + 31L * delivery.content.hashCode() + 1009L * pair.attempts + what);
  }

  // --- what can be asked of it ---

  /** Which run of the program this is. */
  synchronized int life() {
    return life;
  }

  synchronized List<Taken> deliveries() {
    return List.copyOf(taken.values());
  }

  synchronized List<Reader> readers() {
    return List.copyOf(readers.values());
  }

  synchronized Optional<Reader> find(String name) {
    return Optional.ofNullable(readers.get(name));
  }

  synchronized int completed(Reader reader, Taken delivery) {
    return reader.pair(delivery).completed;
  }

  synchronized boolean anyInWork() {
    return readers.values().stream().anyMatch(reader -> reader.inWork > 0);
  }

  /** A dead letter that is sent again has to be tried again. */
  synchronized void hasToBeTriedAgain(Reader reader, Taken delivery) {
    Pair pair = reader.pair(delivery);
    pair.hasToBeTried = pair.attempts + 1;
    pair.bodyMayHaveGone = false;
  }

  /** Whether the attempts said of a delivery by now add up with how the log says it stands. */
  synchronized void checkOutcome(
      Reader reader, Taken delivery, SubscriptionOutcome.@Nullable State state) {
    Pair pair = reader.pair(delivery);
    String what = reader.settings.name() + " of " + delivery.content + " (" + state + ")";
    boolean dead = state == SubscriptionOutcome.State.DEAD_LETTER;
    check(state != SubscriptionOutcome.State.WAITING, "{} still waits", what);
    check(
        !dead || pair.wasGivenUp || pair.bodyMayHaveGone || delivery.bodyMayBeGone,
        "{} was never given up",
        what);
    if (pair.isExpected) {
      check(pair.completed > 0 || dead, "{} is lost", what);
    }
    check(
        pair.completed >= pair.hasToComplete || dead || pair.bodyMayHaveGone,
        "{} was replayed and did not run",
        what);
    check(
        pair.attempts >= pair.hasToBeTried || pair.completed > 0 || pair.bodyMayHaveGone,
        "{} was sent again and did not run",
        what);
    check(
        !pair.isSurelyCompleted || dead || state == SubscriptionOutcome.State.COMPLETED,
        "{} was completed",
        what);
  }

  synchronized void check(boolean isRight, String whatIsWrong, @Nullable Object... values) {
    if (!isRight) {
      wrong.add(MessageFormatter.arrayFormat(whatIsWrong, values).getMessage());
    }
  }

  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  private Reader reader(String name) {
    return readers.get(name);
  }

  private static String content(Delivery delivery) {
    return delivery.guid() + " " + new String(delivery.body(), UTF_8);
  }
}
