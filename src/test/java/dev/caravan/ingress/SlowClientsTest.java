package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.ingress.port.ConnectionTimeouts;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody keeps a connection, a thread or memory by being slow. */
class SlowClientsTest {
  private static final ConnectionTimeouts SHORT =
      new ConnectionTimeouts(
          Duration.ofMillis(500),
          Duration.ofMillis(700),
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofSeconds(10),
          Duration.ofMillis(50));
  private static HookServer server;

  @BeforeAll
  static void start() {
    server = new HookServer(Map.of("caravan.body-timeout", "400ms"), SHORT);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aBodyThatDoesNotComeEndsIn408() {
    try (RawConnection connection = new RawConnection(server)) {
      String answer = connection.send(RawConnection.head("Content-Length: 100")).readToEnd();

      assertThat(answer)
          .startsWith("HTTP/1.1 408 Request Timeout")
          .contains("connection: close")
          .endsWith("Body was not complete in time");
    }
  }

  @Test
  void aBodyThatTricklesEndsIn408() {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.head("Content-Length: 100000", "X-GitHub-Event: push"));

      await().pollInterval(Duration.ofMillis(20)).until(() -> !connection.trickle('x'));
    }
  }

  @Test
  void aChunkedBodyWithoutAnEndEndsIn408() {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.head("Transfer-Encoding: chunked") + "2\r\n{}\r\n");

      assertThat(connection.readToEnd()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void aSilentConnectionIsClosed() {
    try (RawConnection connection = new RawConnection(server)) {
      assertThat(connection.readToEnd()).isEmpty();
    }
  }

  @Test
  void aHeadThatTricklesIsEnded() {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send("POST /hooks/handle_github HTTP/1.1\r\nX-Slow: ");

      await().pollInterval(Duration.ofMillis(20)).until(() -> !connection.trickle('x'));
    }
  }

  @Test
  void aSecondHeadThatTricklesIsEndedToo() {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("Not found");
      connection.send("GET / HTTP/1.1\r\nX-Slow: ");

      await().pollInterval(Duration.ofMillis(20)).until(() -> !connection.trickle('x'));
    }
  }

  @Test
  void theConnectionsOfOthersAreNotTouchedWhileTheyWaitForTheLog() {
    server.log.hold();
    Post post = Post.json("{}");
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.push(post, "{}"));
      try (RawConnection idle = new RawConnection(server)) {
        assertThat(idle.readToEnd()).isEmpty();
      }

      server.log.commitHeld();

      assertThat(connection.readUntil("received")).startsWith("HTTP/1.1 202 ");
    }
  }
}
