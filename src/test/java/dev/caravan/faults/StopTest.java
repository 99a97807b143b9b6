package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    site.set("caravan.stop-timeout", "1s");
    destination.hold();
    try (CaravanProcess caravan = site.startReady()) {
      new Client(caravan).send(push);
      await().until(() -> arrivals.attempts() == 1);

      long before = System.nanoTime();
      assertThat(caravan.stop()).isZero();
      Duration took = Duration.ofNanos(System.nanoTime() - before);

      assertThat(took).isBetween(Duration.ofMillis(500), Duration.ofSeconds(4));
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

  @Test
  void healthSaysThatItStopsAndLivesUntilRoutesHaveEnded() {
    int healthPort = Ports.free();
    site.set("caravan.stop-timeout", "30s");
    site.set("caravan.health.port", String.valueOf(healthPort));
    destination.hold();
    try (CaravanProcess caravan = site.startReady()) {
      Client client = new Client(caravan);
      List<URI> places =
          List.of(
              caravan.health().resolve("/observe/health/"),
              URI.create("http://127.0.0.1:" + healthPort + "/observe/health/"));
      assertThat(places).allMatch(place -> client.status(place.resolve("ready")) == 200);
      client.send(push);
      await().until(() -> arrivals.attempts() == 1);

      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(caravan::stop);
      await().until(() -> client.status(places.get(0).resolve("ready")) == 503);
      await().pollInterval(LOOK).until(() -> isClosed(new Client(caravan)));

      for (int look = 0; look < 5; look++) { // and nothing else as long as the route works
        assertThat(places).allMatch(place -> client.status(place.resolve("ready")) == 503);
        assertThat(places).allMatch(place -> client.status(place.resolve("live")) == 200);
      }
      assertThat(exit).isNotDone();
      destination.release();
      assertThat(exit.join()).isZero();
    }
  }

  @Test
  void aBodyThatIsOnItsWayMayArriveUntilItsTimeIsUp() throws IOException {
    site.set("caravan.stop-timeout", "30s").set("caravan.body-timeout", "3s");
    SignedPush late = SignedPush.of(3, 1);
    try (CaravanProcess caravan = site.startReady();
        HalfSent ends = new HalfSent(caravan.hook(), push);
        HalfSent stays = new HalfSent(caravan.hook(), late)) {
      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(caravan::stop);
      await().until(() -> isClosed(new Client(caravan)));

      ends.sendTheRest();

      assertThat(ends.status()).isEqualTo(202);
      assertThat(stays.status()).isEqualTo(408);
      assertThat(exit.join()).isZero();
      assertThat(caravan.output()).doesNotContain("were cut off");
    }
    try (CaravanProcess caravan = site.startReady()) {
      await().until(() -> arrivals.hasCompleted(push.guid().toString()));
      assertThat(caravan.stop()).isZero();
    }
    assertThat(arrivals.completed()).isEqualTo(1);
  }

  @Test
  void aBodyThatNeverEndsTakesNothingOfTheTimeThatRoutesHave() throws IOException {
    // More than the delivery in work takes, less than the body's own time and what still waits.
    site.set("caravan.stop-timeout", "3s").set("caravan.body-timeout", "5s");
    destination.takeTime(Duration.ofMillis(700));
    try (CaravanProcess caravan = site.startReady()) {
      Client client = new Client(caravan);
      for (int number = 1; number <= 10; number++) {
        client.send(SignedPush.of(1, number));
      }
      HalfSent neverEnds = new HalfSent(caravan.hook(), push);
      assertThat(caravan.stop()).isZero();
      neverEnds.close();
      assertThat(caravan.output()).doesNotContain("were cut off");
    }
  }

  /** A request that the program is reading, and of whose body the second half is not sent yet. */
  private static final class HalfSent implements AutoCloseable {
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private final Socket socket;
    private final byte[] rest;

    HalfSent(URI hook, SignedPush push) throws IOException {
      int half = push.body().length / 2;
      rest = Arrays.copyOfRange(push.body(), half, push.body().length);
      socket = new Socket(hook.getHost(), hook.getPort());
      socket
          .getOutputStream()
          .write(
              new String(push.head(hook), UTF_8)
                  .replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n")
                  .getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readNBytes(CONTINUE.length()), UTF_8))
          .isEqualTo(CONTINUE);
      socket.getOutputStream().write(push.body(), 0, half);
    }

    void sendTheRest() throws IOException {
      socket.getOutputStream().write(rest);
    }

    int status() throws IOException {
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
    }

    @Override
    public void close() throws IOException {
      socket.close();
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
