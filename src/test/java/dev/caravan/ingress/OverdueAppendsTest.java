package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.webhook.CapturedLog;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A log that takes longer to write than GitHub waits for an answer. */
class OverdueAppendsTest {
  private static final Duration GITHUB_WAITS = Duration.ofMillis(300);
  private static final ConnectionTimeouts IMPATIENT =
      new ConnectionTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          GITHUB_WAITS,
          Duration.ofMillis(20));

  @Test
  void whileAppendsAreOverdueNewDeliveriesAreRefusedSoonCountedAndLoggedOnce() {
    try (CapturedLog lines = new CapturedLog("");
        HookServer server = new HookServer(Map.of(), IMPATIENT)) {
      server.log.hold();
      CompletableFuture<HttpResponse<String>> waiting = Post.json("{}").sendTo(server);
      await().until(() -> server.log.appends() == 1);
      await().until(() -> lines.lines().stream().anyMatch(line -> line.startsWith("ERROR")));

      HttpResponse<String> turnedAway = Post.json("{}").to(server);
      Post.json("{}").to(server);

      assertThat(turnedAway.statusCode()).isEqualTo(503);
      assertThat(turnedAway.headers().firstValue("Retry-After")).hasValue("10");
      assertThat(server.log.appends()).isEqualTo(1);
      assertThat(lines.lines().stream().filter(line -> line.startsWith("ERROR")))
          .singleElement()
          .asString()
          .contains("The delivery log has written nothing for");

      server.log.commitHeld();

      assertThat(waiting.join().statusCode()).isEqualTo(202);
      assertThat(server.ingress.lateAnswers()).isEqualTo(1);
      await().until(() -> Post.json("{}").to(server).statusCode() == 202);
      assertThat(server.ingress.lateAnswers()).isEqualTo(1);
    }
  }

  @Test
  void aQuietTimeIsNotTakenForOverdueAppends() throws InterruptedException {
    try (HookServer server = new HookServer(Map.of(), IMPATIENT)) {
      Post.json("{}").to(server);
      Thread.sleep(GITHUB_WAITS.toMillis() * 2);

      for (int number = 0; number < 20; number++) {
        assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
      }
    }
  }
}
