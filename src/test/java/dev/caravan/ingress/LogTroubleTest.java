package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.LogUnavailableException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A delivery that is not on disk is never answered 202, and the client learns nothing of why. */
class LogTroubleTest {
  private static HookServer server;

  @BeforeAll
  static void start() {
    server = new HookServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void repair() {
    server.log.fail(null);
    server.log.raise(null);
    assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300_000})
  void aLogThatCannotTakeItIsAnswered503(int length) {
    server.log.fail(() -> new LogUnavailableException("The disk of /secret/place is full"));

    assertTryAgainLater(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300_000})
  void aFaultOfTheLogIsAnswered503(int length) {
    server.log.fail(() -> new IllegalStateException("at /secret/place"));

    assertTryAgainLater(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300_000})
  void evenAnErrorIsAnswered503(int length) {
    server.log.raise(() -> new StackOverflowError("at /secret/place"));

    assertTryAgainLater(length);
  }

  private static void assertTryAgainLater(int length) {
    Post post = Post.json("{\"a\":\"" + "x".repeat(length) + "\"}");
    HttpResponse<String> answer = post.to(server);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(answer.body()).isEqualTo("Webhook could not be stored, send it again later");
    assertThat(answer.headers().map().keySet())
        .containsExactlyInAnyOrder("content-type", "content-length", "retry-after");
    assertThat(server.log.has(post.guid)).isFalse();
  }
}
