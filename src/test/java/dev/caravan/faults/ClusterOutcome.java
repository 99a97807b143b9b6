package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.PostgresServer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of what several nodes have accepted, once all of it has run.
 *
 * @param lost accepted, and not in the log
 * @param outOfOrder first runs that did not keep the order of their lane
 * @param repeats runs of what had begun before
 * @param overlaps runs that began while another of their lane went on, with those others
 */
record ClusterOutcome(
    int accepted,
    Set<String> lost,
    List<String> outOfOrder,
    List<NodeRuns.Run> repeats,
    Map<NodeRuns.Run, NodeRuns.Run> overlaps) {

  /** Waits until all that is still in the log has run. */
  static ClusterOutcome of(
      Collection<String> accepted, Cluster cluster, PostgresServer server, NodeRuns runs) {
    List<String> inLog = cluster.guids(server);
    Set<String> lost = new HashSet<>(accepted);
    inLog.forEach(lost::remove);
    Set<String> kept = new HashSet<>(accepted);
    kept.removeAll(lost);
    runs.awaitAll(Cluster.SUBSCRIPTION, kept, Duration.ofMinutes(2));
    return new ClusterOutcome(
        accepted.size(), lost, runs.outOfOrder(inLog), runs.repeats(), runs.overlaps());
  }

  void assertNothingIsLostAndLanesKeptTheirOrder() {
    assertThat(lost).as("accepted and not in the log").isEmpty();
    assertThat(outOfOrder).as("out of order").isEmpty();
  }

  @Override
  public String toString() {
    return "%,d accepted, lost %d, out of order %d, run again %d, two of a lane at once %d"
        .formatted(accepted, lost.size(), outOfOrder.size(), repeats.size(), overlaps.size());
  }
}
