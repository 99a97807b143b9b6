package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the work under way when the program is asked to stop (SIGTERM). */
class StopTest {
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final Duration START_OF_A_PROCESS = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final Destination destination = new Destination();
  private final SignedPush push = SignedPush.of(1, 1);
  private Site site;
  private Arrivals arrivals;

  @BeforeEach
  void prepare() {
    site = new Site(directory).route("ci", destination.route("ci", "*", "maxAttempts: 1", 0));
    arrivals = destination.at("ci");
  }

  @AfterEach
  void close() {
    destination.close();
  }

  @Test
  void whatIsInWorkIsFinishedAndNothingNewIsTaken() {
    site.set("caravan.stop-timeout", "30s");
    destination.hold();
    try (CaravanProcess caravan = site.startReady()) {
      Client client = new Client(caravan);
      client.send(push);
      await().until(() -> arrivals.attempts() == 1);

      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(caravan::stop);
      await().pollDelay(LOOK).pollInterval(LOOK).until(() -> isClosed(client)); // each look posts
      assertThat(exit).isNotDone();
      destination.release();

      assertThat(exit.join()).isZero();
    }
    assertThat(arrivals.completed()).isEqualTo(1);
    try (CaravanProcess caravan = site.startReady()) {
      SignedPush next = SignedPush.of(1, 2);
      new Client(caravan).send(next);
      await().until(() -> arrivals.hasCompleted(next.guid().toString()));
    }
    assertThat(arrivals.completedAgain()).isZero();
  }

  @Test
  void aRouteThatHangsIsCutOffAtTheDeadlineAndItsDeliveryRunsAgainAtTheNextStart() {
    site.set("caravan.stop-timeout", "3s");
    destination.hold();
    try (CaravanProcess caravan = site.startReady()) {
      new Client(caravan).send(push);
      await().until(() -> arrivals.attempts() == 1);

      long before = System.nanoTime();
      assertThat(caravan.stop()).isZero();
      Duration took = Duration.ofNanos(System.nanoTime() - before);

      assertThat(took).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5));
      assertThat(caravan.output()).contains("run again at the next start");
    }
    assertThat(arrivals.completed()).isZero();
    destination.release();
    try (CaravanProcess caravan = site.startReady()) {
      // Nobody's fault: it is no failed attempt either, or it would be a dead letter now.
      await()
          .atMost(START_OF_A_PROCESS)
          .until(() -> arrivals.attempts() == 2 && arrivals.completed() == 1);
      assertThat(caravan.output()).doesNotContain("Dead-lettered");
    }
  }

  private static boolean isClosed(Client client) {
    try {
      return client.send(SignedPush.of(2, 1)).statusCode() == 503;
    } catch (UncheckedIOException e) {
      return true;
    }
  }
}
