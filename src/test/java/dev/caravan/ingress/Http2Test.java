package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.ingress.port.ConnectionTimeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many requests on one HTTP/2 connection, as a proxy in front makes them. */
class Http2Test {
  private static final String LARGE = "{\"a\":\"" + "x".repeat(1_500_000) + "\"}";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setSsl(true)
              .setUseAlpn(true)
              .setTrustAll(true)
              .setVerifyHost(false)
              .setHttp2MaxPoolSize(1));
  private HookServer server;

  @BeforeEach
  void start() {
    server = new HookServer(Map.of("caravan.body-memory", "4MiB"), ConnectionTimeouts.USUAL);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    server.log.commitHeld();
    server.close();
  }

  @Test
  void manyRequestsAtOnceAreAllAnswered() {
    List<Future<Integer>> answers = new ArrayList<>();
    for (int number = 0; number < 200; number++) {
      answers.add(post("many-" + number, "{\"a\":\"" + "x".repeat(number * 100) + "\"}"));
    }

    assertThat(answers).extracting(Http2Test::result).containsOnly(202);
  }

  @Test
  void largeBodiesThatWaitForMemoryDoNotHoldUpSmallOnesOfTheSameConnection() {
    server.log.hold();
    List<Future<Integer>> large = new ArrayList<>();
    for (int number = 0; number < 5; number++) {
      large.add(post("large-" + number, LARGE));
    }
    await().until(() -> server.log.appends() == 1);

    Future<Integer> small = post("small", "{}");

    await().until(() -> server.log.appends() == 2);
    server.log.commitHeld();
    assertThat(result(small)).isEqualTo(202);
    assertThat(large).extracting(Http2Test::result).containsOnly(202);
  }

  @Test
  void aRefusedRequestLeavesTheConnectionToTheOthers() {
    assertThat(result(post("too-large", "x".repeat(26 << 20)))).isEqualTo(413);
    assertThat(result(post("fine", "{}"))).isEqualTo(202);
  }

  private Future<Integer> post(String guid, String body) {
    return client
        .request(HttpMethod.POST, server.http2().port(), "127.0.0.1", "/hooks/handle_github")
        .compose(request -> send(request, guid, body));
  }

  private static Future<Integer> send(HttpClientRequest request, String guid, String body) {
    Future<Integer> status = request.response().map(response -> response.statusCode());
    request
        .putHeader("content-type", "application/json")
        .putHeader("x-github-event", "push")
        .putHeader("x-github-delivery", guid)
        .putHeader("x-hub-signature-256", Post.signature(body.getBytes(UTF_8)))
        .send(Buffer.buffer(body))
        .onFailure(failure -> {}); // the answer may come before the body is out
    return status;
  }

  private static int result(Future<Integer> status) {
    try {
      return status.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
