package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Settings;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.network.Callers;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may post, by address. The tests themselves call from 127.0.0.1. */
class CallersAtThePortTest {
  @Test
  void anAddressOutsideTheNetworksIsRefusedWhateverItAsksFor() {
    try (HookServer server = server("192.30.252.0/22", "127.0.0.1")) {
      var answer = Post.json("{}").to(server);

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("This address may not call here");
      assertThat(Post.json("{}").path("/other").to(server).statusCode()).isEqualTo(403);
      assertThat(Post.json("{}").method("GET").to(server).statusCode()).isEqualTo(403);
      assertThat(server.log.appends()).isZero();
    }
  }

  @Test
  void aRequestFromOutsideIsRefusedBeforeItsBodyIsRead() {
    try (HookServer server = server("192.30.252.0/22", "127.0.0.1");
        RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.head("Content-Length: 1000000"));

      assertThat(connection.readUntil("\r\n")).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void withoutAProxyItsConnectionIsClosedBeforeAnythingIsRead() {
    try (CapturedLog lines = new CapturedLog("");
        HookServer server = server("127.0.0.2", "");
        RawConnection connection = new RawConnection(server);
        RawConnection allowed = RawConnection.from("127.0.0.2", server)) {
      assertThat(connection.isEnded()).isTrue();
      assertThat(lines.lines())
          .anyMatch(line -> line.contains("A connection from 127.0.0.1 was closed at once"));
      assertThat(server.ingress.refused()).containsEntry(RefusalReason.ADDRESS, 1L);

      allowed.send(Attack.push(Attack.LINE, "allowed"));
      assertThat(allowed.readUntil("received")).startsWith("HTTP/1.1 202 ");
    }
  }

  @Test
  void anAddressInsideANetworkIsServed() {
    try (HookServer server = server("192.30.252.0/22, 127.0.0.0/8", "")) {
      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void behindATrustedProxyTheCallerIsTheOneItNames() {
    try (HookServer server = server("192.30.252.0/22", "127.0.0.1")) {
      assertThat(status(server, "192.30.252.9")).isEqualTo(202);
      assertThat(status(server, "203.0.113.9, 192.30.252.9")).isEqualTo(202);
      assertThat(status(server, "192.30.252.9, 203.0.113.9")).isEqualTo(403);
      assertThat(status(server, "192.30.252.9, nonsense")).isEqualTo(403);
      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aCallerThatIsNoTrustedProxyCannotNameAnother() {
    try (HookServer server = server("192.30.252.0/22", "10.0.0.0/8")) {
      assertThat(status(server, "192.30.252.9")).isEqualTo(403);
    }
  }

  private static int status(HookServer server, String forwardedFor) {
    return Post.json("{}").with("X-Forwarded-For", forwardedFor).to(server).statusCode();
  }

  private static HookServer server(String allow, String proxies) {
    Settings settings =
        new Settings(
            Map.of(
                "caravan.allow",
                allow,
                "caravan.trusted-proxies",
                proxies,
                "caravan.github-meta",
                "https://api.github.com/meta"));
    return new HookServer(
        Map.of(),
        ConnectionTimeouts.USUAL,
        HookServer.always(HookServer.SECRET),
        Callers.from(settings, Path.of("unused")));
  }
}
