package dev.caravan.log.postgres.replay;

import dev.caravan.log.KnownReplay;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.replay.Replays;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.state.LogState;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The replays of a shared log, started and shown on any node: each is a row with its progress, and
 * one node works on it.
 */
public final class SharedReplays {
  private static final int MOST_KNOWN = 100;
  private static final int MOST_REVOCABLE = 20;

  private final Sessions sessions;
  private final Readers readers;
  private final LogState state;
  private final ReplayWorkers workers;

  public SharedReplays(
      Sessions sessions,
      Readers readers,
      LogState state,
      DeliverySearch search,
      NodeNumber number,
      DueChanges.Listener listener,
      Runnable writeOutcomes) {
    this.sessions = sessions;
    this.readers = readers;
    this.state = state;
    this.workers = new ReplayWorkers(sessions, readers, search, number, listener, writeOutcomes);
  }

  public void start() {
    workers.start();
  }

  /** Starts one. Throws what {@link Replays#targets} does. */
  public KnownReplay start(ReplayRequest request, String what) {
    List<ReplayTarget> targets =
        Replays.targets(request.subscription(), workers.store(0), state, readers);
    StoredReplay stored =
        SharedTransactions.run(
            sessions,
            connection -> {
              ReplayTable table = new ReplayTable(connection);
              table.forget(MOST_REVOCABLE, MOST_KNOWN);
              long id = table.begin(request, what, workers.node(), targets);
              return new ReplayRows(connection).get(id);
            });
    workers.begin(stored);
    return known(stored);
  }

  /** Those that are kept, newest first. */
  public List<KnownReplay> all() {
    return SharedTransactions.run(
            sessions, connection -> new ReplayRows(connection).newest(MOST_KNOWN))
        .stream()
        .map(this::known)
        .toList();
  }

  private KnownReplay known(StoredReplay stored) {
    return new KnownReplay(
        Long.toString(stored.id()),
        stored.what(),
        stored.request().subscription(),
        stored.startedAt(),
        new Shared(stored.id()));
  }

  /** One of them, wherever it runs. */
  private final class Shared implements Replay {
    private final long id;

    Shared(long id) {
      this.id = id;
    }

    @Override
    public ReplayProgress progress() {
      return workers.progress(id);
    }

    @Override
    public void cancel() {
      SharedTransactions.run(
          sessions,
          connection -> {
            new ReplayTable(connection).cancel(id);
            return true;
          });
      workers.cancelled(id);
    }

    @Override
    public CompletableFuture<ReplayProgress> end() {
      return workers.end(id);
    }
  }

  /** Stops; other nodes continue what this one has begun. */
  public void close() throws InterruptedException {
    workers.close();
  }
}
