package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two programs on one log to which nothing bad happens: restarts one by one, redeliveries at once.
 */
@Tag("long")
class TwoNodesUnderLoadTest {
  private static final int LANES = 24;

  @TempDir Path directory;

  private final PostgresServer server = PostgresServer.shared();
  private final NodeRuns runs = new NodeRuns();
  private Cluster cluster;
  private List<Cluster.Node> nodes;

  @BeforeEach
  void startTwo() {
    cluster = new Cluster(directory, server, runs);
    nodes =
        List.of(cluster.node("a", server.url()).start(), cluster.node("b", server.url()).start());
    nodes.forEach(Cluster.Node::awaitReady);
  }

  @AfterEach
  void stop() {
    cluster.close();
    runs.close();
  }

  /** As a deployment does it: out of the balancer, stopped, started with other routes, back. */
  @Test
  void nodesThatAreRestartedOneByOneWithOtherRoutesRefuseNothingAndRunNothingTwice()
      throws Exception {
    try (Load load = new Load(LANES, Duration.ofMillis(20))) {
      Set<String> beforeTheNewRoute = new HashSet<>();
      for (int round = 0; round < 2; round++) {
        for (int turn = 0; turn < 2; turn++) {
          Cluster.Node node = nodes.get(turn);
          load.sendTo(nodes.get(0).hook(), nodes.get(1).hook());
          await().atMost(Duration.ofSeconds(30)).until(() -> runs.hasAnyBy(node.label()));
          TimeUnit.SECONDS.sleep(2);
          load.sendTo(nodes.get(1 - turn).hook());
          TimeUnit.MILLISECONDS.sleep(500);
          if (round == 0 && turn == 0) {
            beforeTheNewRoute.addAll(load.accepted().keySet());
          }
          assertThat(node.process().stop()).isZero();
          node.start();
          node.route("added-in-" + round, "concurrency: 4");
          node.awaitReady();
        }
      }
      load.sendTo(nodes.get(0).hook(), nodes.get(1).hook());
      TimeUnit.SECONDS.sleep(3);
      load.end();

      ClusterOutcome outcome = ClusterOutcome.of(load.accepted().keySet(), cluster, server, runs);
      Report report = new Report("rolling-restart");
      report.line("four restarts, two sets of routes: %s", outcome);
      report.line(
          "answers but 202: %s; unanswered %d; longest answer %d ms",
          load.otherAnswers(), load.unanswered(), load.longestAnswer().toMillis());
      outcome.assertNothingIsLostAndLanesKeptTheirOrder();
      assertThat(outcome.repeats()).isEmpty();
      assertThat(outcome.overlaps()).isEmpty();
      assertThat(load.otherAnswers()).isEmpty();
      assertThat(load.unanswered()).isZero();
      assertThat(runs.notRun("added-in-0", load.accepted().keySet()))
          .as("what came before the new route was there is not its own")
          .hasSizeLessThan(load.accepted().size())
          .containsAll(beforeTheNewRoute);
    }
  }

  /** GitHub would not do that, but a redelivery that meets a slow first one does. */
  @Test
  void oneGuidAtTwoNodesInTheSameMillisecondTenThousandTimesIsInTheLogOnceAndRunsOnce()
      throws Exception {
    int pairs = 8;
    int each = 10_000 / pairs;
    Queue<Long> apart = new ConcurrentLinkedQueue<>();
    Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    Queue<String> guids = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      SignedPush[] next = {SignedPush.of(pair, 0)};
      long[] sentAt = new long[2];
      int[] number = {0};
      CyclicBarrier together =
          new CyclicBarrier(
              2,
              () -> {
                if (number[0] > 0) {
                  apart.add(Math.abs(sentAt[0] - sentAt[1]));
                }
                next[0] = next[0].again(++number[0]);
                guids.add(next[0].guid().toString());
              });
      for (int node = 0; node < 2; node++) {
        int side = node;
        URI hook = nodes.get(node).hook();
        Thread thread =
            new Thread(
                () -> {
                  HttpClient client = HttpClient.newHttpClient();
                  try {
                    for (int count = 0; count < each; count++) {
                      together.await();
                      sentAt[side] = System.nanoTime();
                      answers.add(
                          client.send(next[0].to(hook), BodyHandlers.discarding()).statusCode());
                    }
                  } catch (IOException | InterruptedException e) {
                    answers.add(0);
                  } catch (java.util.concurrent.BrokenBarrierException e) {
                    answers.add(-1);
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }

    ClusterOutcome outcome = ClusterOutcome.of(guids, cluster, server, runs);
    List<String> inLog = cluster.guids(server);
    Report report = new Report("one-guid-at-two-nodes");
    report.line("one GUID at two nodes: %s; %,d in the log", outcome, inLog.size());
    report.line(
        "%,d answers 202; sent within a millisecond of each other: %,d of %,d",
        answers.stream().filter(status -> status == 202).count(),
        apart.stream().filter(nanos -> nanos < TimeUnit.MILLISECONDS.toNanos(1)).count(),
        apart.size());
    assertThat(answers).hasSize(20_000).containsOnly(202);
    assertThat(inLog).hasSize(10_000).doesNotHaveDuplicates();
    outcome.assertNothingIsLostAndLanesKeptTheirOrder();
    assertThat(outcome.repeats()).isEmpty();
    assertThat(apart.stream().filter(nanos -> nanos < TimeUnit.MILLISECONDS.toNanos(1)).count())
        .isGreaterThan(5_000);
  }
}
