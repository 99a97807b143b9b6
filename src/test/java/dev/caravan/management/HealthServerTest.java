package dev.caravan.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The port of health checks alone. */
class HealthServerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile String trouble = "";
  private volatile CompletableFuture<Void> heartbeat = CompletableFuture.completedFuture(null);
  private HealthServer server = start("0");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void itIsReadyWhileDeliveriesAreAcceptedAndElseSaysWhyNot() throws Exception {
    assertThat(get("/observe/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/observe/health").body()).isEqualTo("{\"status\":\"UP\"}");
    trouble = "the disk is full";

    HttpResponse<String> answer = get("/observe/health/ready");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("the disk is full");
  }

  @Test
  void itIsAliveWithALogThatCannotBeWritten() throws Exception {
    trouble = "the disk is full";
    heartbeat = CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));

    assertThat(get("/observe/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void itIsNotAliveWhenAnEventLoopDoesNotAnswer() throws Exception {
    heartbeat = new CompletableFuture<>();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request("/observe/health/live").build(), BodyHandlers.ofString());
    assertThat(get("/observe/health/ready").statusCode()).isEqualTo(200);

    assertThat(answer.get().statusCode()).isEqualTo(503);
    assertThat(answer.get().body()).contains("does not answer");
  }

  @Test
  void thePortServesNothingButHealth() throws Exception {
    assertThat(get("/observe/metrics").statusCode()).isEqualTo(404);
    assertThat(get("/observe/info").statusCode()).isEqualTo(404);
    assertThat(get("/api/deliveries").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    HttpRequest post = request("/observe/health/live").POST(BodyPublishers.ofString("{}")).build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  /** Each may keep a megabyte of answers in memory, and a descriptor that a sender would need. */
  @Test
  void aCrowdOfConnectionsGivesWayToTheNextOne() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try {
      for (int number = 0; number < 3 * HealthServer.MOST_CONNECTIONS; number++) {
        crowd.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      }
      assertThat(get("/observe/health/ready").statusCode()).isEqualTo(200);

      for (Socket early : crowd.subList(0, HealthServer.MOST_CONNECTIONS)) {
        early.setSoTimeout(5_000);
        assertThat(early.getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  @Test
  void withoutAPortNothingListens() {
    try (HealthServer none = start("")) {
      assertThat(none.port()).isZero();
    }
  }

  @Test
  void aPortThatCannotBeUsedIsOneSentence() throws IOException {
    assertThatThrownBy(() -> start("many"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("caravan.health.port is 'many'");
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String port = String.valueOf(taken.getLocalPort());

      assertThatThrownBy(() -> start(port))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Cannot listen on port " + port)
          .hasMessageContaining("caravan.health.port");
    }
  }

  @Test
  void aPortWithoutAHostIsOneSentence() {
    Settings settings = new Settings(Map.of("caravan.health.host", "", "caravan.health.port", "0"));

    assertThatThrownBy(() -> HealthServer.start(settings, () -> trouble, () -> heartbeat))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("caravan.health.host is '', which is not an address of this machine.");
  }

  private HealthServer start(String port) {
    return HealthServer.start(
        new Settings(Map.of("caravan.health.host", "127.0.0.1", "caravan.health.port", port)),
        () -> trouble,
        () -> heartbeat);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
