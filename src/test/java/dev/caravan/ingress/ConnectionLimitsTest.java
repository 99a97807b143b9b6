package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.Settings;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.network.Callers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** There are only so many connections, and a stranger's make room for the next. */
class ConnectionLimitsTest {
  private static final String HEAD = Attack.LINE + "\r\nHost: x\r\n";
  private static final String BODY =
      RawConnection.head("X-Hub-Signature-256: sha256=" + "0".repeat(64), "Content-Length: 100000");

  private final List<RawConnection> strangers = new ArrayList<>();

  @AfterEach
  void close() {
    strangers.forEach(RawConnection::close);
  }

  @Test
  void whenThereAreAsManyAsMayBeTheOneAwaitedLongestMakesRoom() {
    try (HookServer server = server(16, 16, "")) {
      for (int number = 0; number < 16; number++) {
        strangers.add(RawConnection.from("127.0.0." + (10 + number), server).send(HEAD));
        await().until(() -> server.ingress.connections() == strangers.size());
      }

      try (RawConnection gitHub = RawConnection.from("127.0.0.2", server)) {
        gitHub.send(Attack.push(Attack.LINE, "let-in"));
        assertThat(gitHub.readUntil("received")).startsWith("HTTP/1.1 202 ");
      }
      assertThat(strangers.get(0).isEnded()).isTrue();
      assertThat(server.ingress.connectionsEnded()).isEqualTo(1);
    }
  }

  @Test
  void aBodyThatDoesNotComeMakesRoomToo() {
    try (HookServer server = server(16, 16, "")) {
      for (int number = 0; number < 100; number++) {
        strangers.add(RawConnection.from("127.0.0." + (10 + number), server).send(BODY));
      }

      try (RawConnection gitHub = RawConnection.from("127.0.0.2", server)) {
        gitHub.send(Attack.push(Attack.LINE, "let-in"));
        assertThat(gitHub.readUntil("received")).startsWith("HTTP/1.1 202 ");
      }
      assertThat(server.ingress.connections()).isLessThanOrEqualTo(16);
      close(); // or the server would wait for their bodies before it stops
    }
  }

  /** A large one over a slow line, while others come and send nothing. */
  @Test
  void aBodyThatIsArrivingKeepsItsConnection() {
    String head =
        RawConnection.head(
            "X-Hub-Signature-256: sha256=" + "0".repeat(64), "Content-Length: 1000000");
    try (HookServer server = server(16, 16, "")) {
      for (int number = 0; number < 15; number++) {
        strangers.add(RawConnection.from("127.0.0." + (10 + number), server).send(HEAD));
      }
      await().until(() -> server.ingress.connections() == 15);
      try (RawConnection uploading = RawConnection.from("127.0.0.2", server).send(head)) {
        await().until(() -> server.ingress.connections() == 16);
        for (int ended = 1; ended <= 20; ended++) {
          uploading.send("x".repeat(50_000));
          strangers.add(RawConnection.from("127.0.0.9", server).send(HEAD));
          long expected = ended;
          await().until(() -> server.ingress.connectionsEnded() == expected);
        }

        assertThat(uploading.readUntil("header")).startsWith("HTTP/1.1 403 ");
      }
    }
  }

  @Test
  void oneAddressHasNoMoreThanItsShare() {
    try (HookServer server = server(1000, 5, "");
        RawConnection other = RawConnection.from("127.0.0.3", server).send(HEAD)) {
      for (int number = 0; number < 50; number++) {
        strangers.add(RawConnection.from("127.0.0.2", server).send(HEAD));
      }

      await().until(() -> server.ingress.connectionsEnded() == 45);
      assertThat(server.ingress.connections()).isEqualTo(6);
      other.send("Connection: close\r\n\r\n");
      assertThat(other.readToEnd()).startsWith("HTTP/1.1 415 ");
    }
  }

  @Test
  void aTrustedProxyHasNoShareOfItsOwn() {
    try (HookServer server = server(1000, 5, "127.0.0.2")) {
      for (int number = 0; number < 50; number++) {
        strangers.add(RawConnection.from("127.0.0.2", server).send(HEAD));
      }

      await().until(() -> server.ingress.connections() == 50);
      assertThat(server.ingress.connectionsEnded()).isZero();
    }
  }

  @Test
  void aConnectionWhoseRequestIsCompleteIsNeverEnded() {
    try (HookServer server = server(16, 16, "");
        RawConnection gitHub = RawConnection.from("127.0.0.2", server)) {
      server.log.hold();
      gitHub.send(Attack.push(Attack.LINE, "complete"));
      await().until(() -> server.log.appends() == 1);
      for (int number = 0; number < 100; number++) {
        strangers.add(RawConnection.from("127.0.0." + (10 + number), server).send(HEAD));
      }
      await().until(() -> server.ingress.connectionsEnded() >= 85);

      server.log.commitHeld();

      assertThat(gitHub.readUntil("received")).startsWith("HTTP/1.1 202 ");
    }
  }

  @Test
  void furtherRequestsOfAConnectionCountLikeConnections() {
    try (HookServer server = server(16, 4, "");
        RawConnection stranger = RawConnection.from("127.0.0.2", server)) {
      server.log.hold();
      StringBuilder requests = new StringBuilder();
      for (int number = 0; number < 5; number++) {
        requests.append(Attack.push(Attack.LINE, "pipelined-" + number));
      }
      stranger.send(requests.toString());

      assertThat(stranger.isEnded()).isTrue();
      server.log.commitHeld();
      await().until(() -> server.ingress.connections() == 0);
    }
  }

  @Test
  void anAnsweredRequestCountsNoMore() {
    try (HookServer server = server(16, 8, "");
        RawConnection client = RawConnection.from("127.0.0.2", server)) {
      for (int round = 0; round < 10; round++) {
        String requests = "";
        for (int number = 0; number < 4; number++) {
          requests += Attack.push(Attack.LINE, "pipelined-" + round + "-" + number);
        }
        client.send(requests);
        for (int number = 0; number < 4; number++) {
          assertThat(client.readUntil("received")).contains("HTTP/1.1 202 ");
        }
      }

      await().until(() -> server.ingress.connections() == 1);
    }
  }

  @Test
  void streamsOfHttp2CountLikeConnections() {
    try (HookServer server = server(64, 8, "");
        Http2Connection stranger = new Http2Connection(server)) {
      HookServer secure = server.http2();
      stranger.send(Http2Attacks.unfinished(50));

      await().until(() -> secure.ingress.refused().get(RefusalReason.BUSY) == 42);
      assertThat(secure.ingress.connections()).isEqualTo(8);
    }
  }

  private static HookServer server(int connections, int perAddress, String proxies) {
    Settings settings =
        new Settings(
            Map.of(
                "caravan.allow",
                "",
                "caravan.trusted-proxies",
                proxies,
                "caravan.github-meta",
                "https://api.github.com/meta"));
    return new HookServer(
        Map.of(
            "caravan.connections",
            Integer.toString(connections),
            "caravan.connections-per-address",
            Integer.toString(perAddress)),
        ConnectionTimeouts.USUAL,
        HookServer.always(HookServer.SECRET),
        Callers.from(settings, Path.of("unused")));
  }
}
