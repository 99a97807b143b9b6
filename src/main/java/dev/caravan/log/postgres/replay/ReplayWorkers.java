package dev.caravan.log.postgres.replay;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.replay.Replays;
import dev.caravan.log.replay.RunningReplay;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.logging.ErrorSentence;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on replays on this node, two at a time: its own, and those that other nodes left. */
final class ReplayWorkers {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int AT_ONCE = 2;
  private static final long LONGEST_STOP_SECONDS = 20;
  private static final long LOOK_MILLIS = 500;

  /** By then, attempts that had ended on any node when a replay began are written. */
  private static final long OUTCOMES_WRITTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  private final Sessions sessions;
  private final Readers readers;
  private final DeliverySearch search;
  private final NodeNumber number;
  private final DueChanges.Listener listener;
  private final Runnable writeOutcomes;
  private final Map<Long, RunningReplay> running = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<ReplayProgress>> awaited = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, work -> new Thread(work, "delivery-log-replay"));
  private final TakeBacks takeBacks;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> new Thread(work, "delivery-log-replay-look"));
  private volatile boolean stopped;

  ReplayWorkers(
      Sessions sessions,
      Readers readers,
      DeliverySearch search,
      NodeNumber number,
      DueChanges.Listener listener,
      Runnable writeOutcomes) {
    this.sessions = sessions;
    this.readers = readers;
    this.search = search;
    this.number = number;
    this.listener = listener;
    this.writeOutcomes = writeOutcomes;
    this.takeBacks = new TakeBacks(sessions, listener, this::complete);
  }

  void start() {
    Future<?> unused =
        looks.scheduleWithFixedDelay(
            this::lookOrWait, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  long node() {
    return number.node();
  }

  SharedReplayStore store(long replay) {
    return new SharedReplayStore(sessions, replay, number, listener, writeOutcomes);
  }

  /** Begins to work on one that this node has. */
  void begin(StoredReplay stored) {
    RunningReplay replay =
        new RunningReplay(
            stored.rest(),
            stored.targets(),
            stored.before(),
            search,
            readers,
            store(stored.id()),
            Runnable::run);
    replay.forgetScheduled(); // the table has them: no replay takes back by itself
    if (!stopped && running.putIfAbsent(stored.id(), replay) == null) {
      writeOutcomes.run();
      long written = System.nanoTime() + OUTCOMES_WRITTEN_NANOS;
      threads.execute(() -> run(stored, replay, written));
    }
  }

  private void run(StoredReplay stored, RunningReplay replay, long written) {
    LockSupport.parkNanos(this, written - System.nanoTime()); // it may have waited for its turn
    replay.run();
    ReplayProgress end = replay.progress();
    try {
      if (stopped || isForWantOfTheDatabase(end)) {
        letGo(stored.id());
      } else {
        boolean isOver = write(stored, end) || progress(stored.id()).state() == State.CANCELLED;
        if (isOver && !end.dryRun()) {
          Replays.report(end);
        }
      }
    } catch (LogUnavailableException e) {
      LOG.warn(
          "The end of a replay cannot be recorded now; it continues later: {}", e.getMessage());
    } finally {
      running.remove(stored.id());
      complete(stored.id());
    }
  }

  /** Such a replay continues when the database is back. */
  private static boolean isForWantOfTheDatabase(ReplayProgress end) {
    return end.state() == State.FAILED
        && end.error() != null
        && end.error().startsWith("The delivery log cannot be ");
  }

  private void letGo(long id) {
    SharedTransactions.run(
        sessions,
        connection -> {
          new ReplayTable(connection).letGo(id, node());
          return true;
        });
  }

  /** Writes how it ended; false when it was not this node's any more. */
  private boolean write(StoredReplay stored, ReplayProgress end) {
    return SharedTransactions.run(
        sessions,
        connection -> {
          ReplayTable table = new ReplayTable(connection);
          boolean isMine = table.isMine(stored.id(), node());
          if (isMine) {
            table.reached(stored.id(), stored.ends(), end);
            table.end(stored.id(), node(), end.state(), end.error());
          }
          return isMine;
        });
  }

  ReplayProgress progress(long id) {
    RunningReplay here = running.get(id);
    if (here != null && here.progress().dryRun()) {
      return here.progress(); // it writes no progress
    }
    return SharedTransactions.run(sessions, connection -> new ReplayRows(connection).get(id))
        .progress();
  }

  /** It was cancelled, on this node. */
  void cancelled(long id) {
    RunningReplay here = running.get(id);
    if (here != null) {
      here.stop();
    }
    takeBacks.begin(id);
  }

  CompletableFuture<ReplayProgress> end(long id) {
    CompletableFuture<ReplayProgress> end =
        awaited.computeIfAbsent(id, any -> new CompletableFuture<>());
    complete(id);
    return end.copy();
  }

  private void complete(long id) {
    CompletableFuture<ReplayProgress> end = awaited.get(id);
    if (end == null || running.containsKey(id)) {
      return;
    }
    ReplayProgress progress = progress(id);
    if (progress.state() != State.RUNNING) {
      awaited.remove(id);
      end.complete(progress);
    }
  }

  private void lookOrWait() {
    try {
      StoredReplay left =
          SharedTransactions.run(
              sessions, connection -> new ReplayRows(connection).claim(node(), running.keySet()));
      if (left != null) {
        begin(left);
      }
      takeBacks.look();
      awaited.keySet().forEach(this::complete);
    } catch (RuntimeException | Error e) { // otherwise the schedule would end
      LOG.debug("Replays wait: {}", ErrorSentence.of(e));
    }
  }

  void close() throws InterruptedException {
    stopped = true;
    looks.shutdownNow();
    running.values().forEach(RunningReplay::stop);
    threads.shutdown();
    takeBacks.close();
    if (!threads.awaitTermination(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("A replay is still reading and is left behind.");
    }
  }
}
