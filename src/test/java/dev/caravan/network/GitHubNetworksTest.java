package dev.caravan.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubNetworksTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final byte[] INSIDE = Network.address("192.30.252.7");
  private static final byte[] ELSEWHERE = Network.address("203.0.113.9");

  @TempDir private Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int status = 200;
  private volatile String answer = meta("192.30.252.0/22\",\"2a0a:a440::/29");
  private HttpServer gitHub;

  @BeforeEach
  void start() throws IOException {
    gitHub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gitHub.createContext(
        "/meta",
        exchange -> {
          byte[] body = answer.getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
          asked.incrementAndGet();
        });
    gitHub.start();
  }

  @AfterEach
  void stop() {
    gitHub.stop(0);
  }

  @Test
  void theRangesOfHooksAreThoseAllowedAndAreKept() throws IOException {
    try (GitHubNetworks networks = networks()) {
      assertThat(networks.contain(INSIDE)).isTrue();
      assertThat(networks.contain(Network.address("2a0a:a440::1"))).isTrue();
      assertThat(networks.contain(ELSEWHERE)).isFalse();
      assertThat(Files.readAllLines(kept())).containsExactly("192.30.252.0/22", "2a0a:a440::/29");
    }
  }

  @Test
  void rangesThatChangeCountWithoutARestart() {
    try (GitHubNetworks networks = networks()) {
      answer = meta("203.0.113.0/24");

      await().until(() -> networks.contain(ELSEWHERE));
      assertThat(networks.contain(INSIDE)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"hooks\":[]}", "{\"hooks\":[\"all\"]}", "[1", "503"})
  void anAnswerThatCannotBeUsedLeavesTheLastGoodOnes(String broken) {
    try (GitHubNetworks networks = networks()) {
      status = broken.equals("503") ? 503 : 200;
      answer = broken;
      int before = asked.get();

      await().until(() -> asked.get() > before + 2);
      assertThat(networks.contain(INSIDE)).isTrue();
    }
  }

  @Test
  void anAnswerThatDoesNotEndIsWaitedForNoLongerThanTheTimeout() throws IOException {
    try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> answerWithoutEnd(endless));
      server.start();

      assertThatThrownBy(
              () ->
                  GitHubNetworks.of(
                      URI.create("http://127.0.0.1:" + endless.getLocalPort() + "/meta"),
                      kept(),
                      SOON,
                      Duration.ofMillis(500)))
          .hasMessageContaining("its answer is not complete");
    }
  }

  private static void answerWithoutEnd(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[1000]);
      client
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"hooks\":[".getBytes(UTF_8));
      while (client.getInputStream().read() >= 0) { // until it has had enough
        client.getOutputStream().write(' ');
      }
    } catch (IOException e) {
      // it has
    }
  }

  @Test
  void aStartWithoutNetworkUsesThoseThatAreKept() {
    networks().close();
    gitHub.stop(0);

    try (GitHubNetworks networks = networks()) {
      assertThat(networks.contain(INSIDE)).isTrue();
    }
  }

  @Test
  void theyAreKeptOnceTheDiskTakesThem() throws IOException {
    Path inTheWay =
        Files.createDirectories(folder.resolve("github-networks.new/as-on-a-full-disk"));
    try (GitHubNetworks networks = networks()) {
      assertThat(networks.contain(INSIDE)).isTrue();
      assertThat(kept()).doesNotExist();

      Files.delete(inTheWay);

      await().until(() -> Files.exists(kept()));
    }
  }

  @Test
  void aStartWithoutAnyIsRefusedInOneSentence() {
    gitHub.stop(0);

    assertThatThrownBy(this::networks)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "caravan.allow has github, but GitHub's networks cannot be fetched from")
        .hasMessageEndingWith(
            "Let the program reach that address, or list the networks themselves.");
  }

  private GitHubNetworks networks() {
    return GitHubNetworks.of(
        URI.create("http://127.0.0.1:" + gitHub.getAddress().getPort() + "/meta"),
        kept(),
        SOON,
        Duration.ofSeconds(10));
  }

  private Path kept() {
    return folder.resolve("github-networks");
  }

  /** As GitHub's OpenAPI describes an api-overview. */
  private static String meta(String hooks) {
    return "{\"verifiable_password_authentication\":false,\"hooks\":[\""
        + hooks
        + "\"],\"web\":[\"198.51.100.0/24\"]}";
  }
}
