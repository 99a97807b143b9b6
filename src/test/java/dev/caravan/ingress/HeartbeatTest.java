package dev.caravan.ingress;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.secrets.SecretsInForce;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whether the receiving side is alive, as systemd's watchdog asks. */
class HeartbeatTest {
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  void eachEventLoopAnswersAndOneThatIsBlockedDoesNot() throws Exception {
    try (HookServer server =
        new HookServer(Map.of(), ConnectionTimeouts.USUAL, this::secretsThatBlock)) {
      server.ingress.heartbeat().get(20, SECONDS);
      CompletableFuture<?> post = CompletableFuture.supplyAsync(() -> Post.json("{}").to(server));
      assertThat(blocked.await(20, SECONDS)).isTrue();

      CompletableFuture<Void> heartbeat = server.ingress.heartbeat();

      assertThat(heartbeat).isNotDone();
      end.countDown();
      heartbeat.get(20, SECONDS);
      post.get(20, SECONDS);
    }
  }

  /** Asked for on the loop that has read the request. */
  private SecretsInForce secretsThatBlock() {
    blocked.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return HookServer.always(HookServer.SECRET).inForce();
  }
}
