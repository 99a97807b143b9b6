package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.log.LogUnavailableException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ingress counts of the requests it answers. */
class IngressCountsTest {
  private HookServer server;

  @BeforeEach
  void start() {
    server = new HookServer(Map.of("caravan.max-payload", "100"), ConnectionTimeouts.USUAL);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = RefusalReason.class,
      names = {
        "PATH",
        "METHOD",
        "CONTENT_TYPE",
        "TOO_LARGE",
        "SIGNATURE",
        "MALFORMED",
        "NOT_STORED"
      })
  void everyRefusedRequestIsCountedOnceUnderItsReason(RefusalReason reason) {
    Post post = Post.json("{}");
    switch (reason) {
      case PATH -> post.path("/elsewhere");
      case METHOD -> post.method("PUT");
      case CONTENT_TYPE -> post.with("Content-Type", "text/plain");
      case TOO_LARGE -> post.tampered(new byte[101]);
      case SIGNATURE -> post.signedWith("another");
      case MALFORMED -> post.without("X-GitHub-Event");
      default -> server.log.fail(() -> new LogUnavailableException("disk full"));
    }

    assertThat(post.to(server).statusCode()).isGreaterThanOrEqualTo(400);

    server
        .ingress
        .refused()
        .forEach(
            (each, count) -> assertThat(count).as("%s", each).isEqualTo(each == reason ? 1 : 0));
    assertThat(server.ingress.accepted()).isZero();
  }

  @Test
  void acceptedDeliveriesAreCounted() {
    Post.json("{}").to(server);
    Post.form("{}").to(server);

    assertThat(server.ingress.accepted()).isEqualTo(2);
    assertThat(server.ingress.refused().values()).containsOnly(0L);
  }

  @Test
  void theLastEventOfAHookIsThatOfItsLastAcceptedDelivery() {
    Instant before = Instant.now().minusMillis(1);
    Post.json("{}").with("X-GitHub-Hook-ID", "1").to(server);
    Post.json("{}").with("X-GitHub-Hook-ID", "2").signedWith("another").to(server);

    Map<String, Instant> last = server.hooks.last();
    assertThat(last).containsOnlyKeys("1");
    assertThat(last.get("1")).isAfter(before);
  }

  @Test
  void aDeliveryWithoutAValidHookIdCountsAmongTheOthers() {
    Post.json("{}").to(server);
    Post.json("{}").with("X-GitHub-Hook-ID", "x\"}").to(server);
    Post.json("{}").with("X-GitHub-Hook-ID", "1".repeat(20)).to(server);

    assertThat(server.hooks.last()).containsOnlyKeys("others");
  }
}
