package dev.caravan.management;

import dev.caravan.log.DeliveryLog;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The replays that were started since the program was, by a number each: the newest are remembered.
 * Safe for use by many threads.
 */
public final class StartedReplays {
  private static final int MOST = 100;

  private final DeliveryLog log;
  private final Map<String, Started> replays = new LinkedHashMap<>();
  private int last;

  /** Those that are started through this, in that log. */
  public StartedReplays(DeliveryLog log) {
    this.log = log;
  }

  /**
   * A replay that was started.
   *
   * @param what was asked for, in words
   */
  public record Started(
      String id, String what, ReplayRequest request, Instant startedAt, Replay replay) {

    /** Whether it goes on finding deliveries, or may have scheduled some that have yet to run. */
    public boolean mayBeCancelled() {
      ReplayProgress progress = replay.progress();
      return progress.state() == ReplayProgress.State.RUNNING
          || (progress.state() == ReplayProgress.State.DONE && progress.lastDueAt() != null);
    }
  }

  /** Starts one; throws what {@link DeliveryLog#replay} does. */
  public Started start(ReplayRequest request, String what) {
    Replay replay = log.replay(request);
    synchronized (this) {
      Started started = new Started(String.valueOf(++last), what, request, Instant.now(), replay);
      replays.put(started.id(), started);
      if (replays.size() > MOST) {
        replays.remove(replays.keySet().iterator().next());
      }
      return started;
    }
  }

  /** All that are remembered, the newest first. */
  public synchronized List<Started> all() {
    List<Started> all = new ArrayList<>(replays.values());
    Collections.reverse(all);
    return all;
  }

  /**
   * The replay of that number.
   *
   * @throws RefusedException when there is none
   */
  public synchronized Started find(String id) {
    Started started = replays.get(id);
    if (started == null) {
      throw new RefusedException(
          404,
          "There is no replay '%s' since the server started; the newest %d are remembered."
              .formatted(id, MOST));
    }
    return started;
  }
}
