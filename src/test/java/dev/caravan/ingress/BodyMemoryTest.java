package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.ingress.port.ConnectionTimeouts;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory for bodies is limited; who finds it spent waits a little, then is sent away. */
class BodyMemoryTest {
  private static final ConnectionTimeouts SHORT_PATIENCE =
      new ConnectionTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMillis(400),
          Duration.ofMillis(200),
          Duration.ofSeconds(10),
          Duration.ofMillis(50));

  // 64 KiB for small bodies, which cost twice their length: room for two of these.
  private static final String BODY = "{\"a\":\"" + "x".repeat(15_000) + "\"}";
  private HookServer server;

  @BeforeEach
  void start() {
    server =
        new HookServer(
            Map.of("caravan.body-memory", "128KiB", "caravan.body-timeout", "3s"), SHORT_PATIENCE);
  }

  @AfterEach
  void stop() {
    server.log.commitHeld();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whenTheMemoryIsSpentARequestWaitsForItsTurn(int version) {
    server.log.hold();
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 4)
            .mapToObj(i -> Post.json(BODY).overHttp(version).sendTo(server))
            .toList();
    await().until(() -> server.log.appends() == 2);

    server.log.commitHeld();

    assertThat(answers).extracting(answer -> answer.join().statusCode()).containsOnly(202);
    assertThat(server.log.appends()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whenTheMemoryStaysSpentARequestIsRefused(int version) {
    server.log.hold();
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 2)
            .mapToObj(i -> Post.json(BODY).overHttp(version).sendTo(server))
            .toList();
    await().until(() -> server.log.appends() == 2);

    HttpResponse<String> answer = Post.json(BODY).overHttp(version).to(server);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
    server.log.commitHeld();
    assertThat(answers).extracting(each -> each.join().statusCode()).containsOnly(202);
    assertThat(Post.json(BODY).overHttp(version).to(server).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aBodyLargerThanTheMemoryTakesAllOfItAlone(int version) {
    String large = "{\"a\":\"" + "x".repeat(1_500_000) + "\"}"; // costs twice that, of 2 MiB

    try (HookServer roomier =
        new HookServer(Map.of("caravan.body-memory", "4MiB"), ConnectionTimeouts.USUAL)) {
      roomier.log.hold();
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 4)
              .mapToObj(i -> Post.json(large).overHttp(version).sendTo(roomier))
              .toList();
      await().until(() -> roomier.log.appends() == 1);
      roomier.log.commitHeld();

      assertThat(answers).extracting(answer -> answer.join().statusCode()).containsOnly(202);
    }
  }

  @Test
  void clientsThatPromiseMuchAndSendNothingHoldNothing() {
    List<RawConnection> promising = new ArrayList<>();
    try {
      for (int number = 0; number < 100; number++) {
        promising.add(
            new RawConnection(server)
                .send(
                    RawConnection.head(
                        "Content-Length: " + (number % 2 == 0 ? 26214400 : 200000))));
      }

      assertThat(Post.json(BODY).to(server).statusCode()).isEqualTo(202);
      assertThat(Post.json(BODY.replace("x", "xxxxxxxxxxxxxxxxxxxx")).to(server).statusCode())
          .isEqualTo(202);
    } finally {
      promising.forEach(RawConnection::close);
    }
  }

  @Test
  void aLargeBodyThatStallsMakesRoomWhenOthersWait() {
    String large = "{\"a\":\"" + "x".repeat(400_000) + "\"}";
    ConnectionTimeouts patient =
        new ConnectionTimeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            Duration.ofMillis(50));
    try (HookServer slow = new HookServer(Map.of("caravan.body-memory", "128KiB"), patient);
        RawConnection stalling = new RawConnection(slow)) {
      stalling.send(RawConnection.head("Content-Length: 26214400") + "{");

      assertThat(Post.json(large).to(slow).statusCode()).isEqualTo(202);
      assertThat(stalling.readToEnd()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void clientsThatGoAwayLeaveNothingBehind() {
    for (int number = 0; number < 50; number++) {
      try (RawConnection connection = new RawConnection(server)) {
        connection.send(RawConnection.head("Content-Length: 30000") + BODY);
      }
    }

    await().untilAsserted(() -> assertThat(Post.json(BODY).to(server).statusCode()).isEqualTo(202));
    assertThat(IntStream.range(0, 20).map(i -> Post.json(BODY).to(server).statusCode()))
        .containsOnly(202);
  }

  @Test
  void aClientThatGoesAwayWhileItsDeliveryIsWrittenBreaksNothing() {
    server.log.hold();
    Post post = Post.json("{}");
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.push(post, "{}"));
      await().until(() -> server.log.appends() == 1);
    }

    server.log.commitHeld();

    await().until(() -> server.log.has(post.guid));
    assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
  }
}
