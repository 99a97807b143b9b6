package dev.caravan.log.replay;

import dev.caravan.log.KnownReplay;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.state.LogState;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import dev.caravan.wording.Count;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts replays and runs them, two at a time; others wait for their turn. */
public final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int AT_ONCE = 2;
  private static final int MOST_REVOCABLE = 8;
  private static final int MOST_KNOWN = 100;
  private static final long LONGEST_STOP_SECONDS = 20;

  private final ReplayStore store;
  private final LogState state;
  private final DeliverySearch search;
  private final Readers readers;
  private final Set<RunningReplay> replays = ConcurrentHashMap.newKeySet();
  private final Deque<RunningReplay> revocable = new ArrayDeque<>();
  private final Deque<KnownReplay> known = new ArrayDeque<>();
  private int last;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, work -> new Thread(work, "delivery-log-replay"));

  /** Its own thread: behind replays that still read, what was cancelled would run meanwhile. */
  private final ExecutorService takingBack =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-take-back"));

  public Replays(ReplayStore store, LogState state, DeliverySearch search, Readers readers) {
    this.store = store;
    this.state = state;
    this.search = search;
    this.readers = readers;
  }

  /**
   * Starts a replay.
   *
   * @param what the request in words
   */
  public KnownReplay start(ReplayRequest request, String what) {
    List<ReplayTarget> targets = targets(request.subscription(), store, state, readers);
    RunningReplay replay =
        new RunningReplay(
            request,
            targets,
            RunningReplay.nothing(request, targets),
            search,
            readers,
            store,
            takingBack);
    replays.add(replay);
    String position = request.query().position();
    boolean isOfOne =
        (position != null && position.indexOf(',') < 0) || request.query().name() != null;
    if (!isOfOne) { // a hundred of those must not displace a large one that could be taken back
      letNewestBeTakenBack(replay);
    }
    threads.execute(
        () -> {
          replay.run();
          replays.remove(replay);
          if (!request.dryRun()) {
            report(replay.progress());
          }
        });
    return remember(request, what, replay);
  }

  private synchronized KnownReplay remember(ReplayRequest request, String what, Replay replay) {
    KnownReplay started =
        new KnownReplay(
            String.valueOf(++last), what, request.subscription(), Instant.now(), replay);
    known.addFirst(started);
    if (known.size() > MOST_KNOWN) {
      known.removeLast();
    }
    return started;
  }

  /** Those that are remembered, the newest first. */
  public synchronized List<KnownReplay> all() {
    return List.copyOf(known);
  }

  /** What they have scheduled is kept in memory for that. */
  private synchronized void letNewestBeTakenBack(RunningReplay newest) {
    revocable.addLast(newest);
    if (revocable.size() > MOST_REVOCABLE) {
      revocable.removeFirst().forgetScheduled();
    }
  }

  /** Logs how a replay has ended. */
  public static void report(ReplayProgress end) {
    LOG.info(
        "A replay is {}: {} found, scheduled {}, left alone {} that wait or run anyway.{}",
        end.state().name().toLowerCase(Locale.ROOT),
        Count.of(end.matched(), "delivery"),
        end.scheduled(),
        end.alreadyWaiting(),
        end.error() == null ? "" : " " + end.error());
  }

  /**
   * The subscriptions a replay goes to.
   *
   * @param named the only one; null for every running one
   * @throws UnknownSubscriptionException when there is none of that name
   * @throws IllegalArgumentException with a sentence for the user, when none is named and none runs
   */
  public static List<ReplayTarget> targets(
      @Nullable String named, ReplayStore store, LogState state, Readers readers) {
    List<ReplayTarget> known = store.subscriptions();
    List<String> wanted = named != null ? List.of(named) : running(state, readers);
    List<ReplayTarget> targets =
        known.stream().filter(target -> wanted.contains(target.name())).toList();
    if (!targets.isEmpty()) {
      return targets;
    }
    List<String> names = known.stream().map(ReplayTarget::name).toList();
    if (named != null) {
      throw new UnknownSubscriptionException(named, names);
    }
    throw new IllegalArgumentException(
        "No subscription is running, so it is not known which of them wants what. Name one%s."
            .formatted(names.isEmpty() ? "" : ": " + String.join(", ", names)));
  }

  private static List<String> running(LogState state, Readers readers) {
    return readers.ask(
        reader ->
            state.subscriptions(reader).open().stream().map(Subscriptions.Running::name).toList());
  }

  /** Ends all replays; what they have scheduled stays scheduled, unless it is being taken back. */
  public void close() throws InterruptedException {
    long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_STOP_SECONDS);
    replays.forEach(RunningReplay::stop);
    threads.shutdown();
    if (!threads.awaitTermination(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("A replay is still reading and is left behind.");
    }
    takingBack.shutdown(); // not before: a cancelled one begins with it at its end
    if (!takingBack.awaitTermination(giveUpAt - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      LOG.warn("A cancelled replay was not taken back whole: the rest of it runs.");
    }
  }
}
