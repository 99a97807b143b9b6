package dev.caravan.log.postgres.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.replay.RunningReplay;
import java.time.Instant;
import java.util.List;

/**
 * A replay as it is in the tables.
 *
 * @param ends the end of the log when it began
 * @param reached the last position that it has handled
 */
record StoredReplay(
    long id,
    String what,
    ReplayRequest request,
    Instant startedAt,
    long ends,
    long reached,
    List<ReplayTarget> targets,
    ReplayProgress progress) {

  /** The request for what it has yet to find. */
  ReplayRequest rest() {
    String before = request.query().before();
    String after = request.query().after();
    long end = before == null ? ends : Math.min(ends, Long.parseLong(before));
    long from = request.dryRun() ? 0 : reached;
    long begin = after == null ? from : Math.max(from, Long.parseLong(after));
    return new ReplayRequest(
        request.query().before(Long.toString(end)).after(Long.toString(begin)),
        request.subscription(),
        request.perSecond(),
        request.dryRun());
  }

  /** Its progress so far. A dry run starts over, since it writes none. */
  ReplayProgress before() {
    return request.dryRun() ? RunningReplay.nothing(request, targets) : progress;
  }
}
