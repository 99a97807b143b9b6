package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import io.vertx.core.MultiMap;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnverifiedRingTest {
  private static final int KIB = 1024;

  @Test
  void theHeadersOfARequestCountAsWhatTheyTake() {
    UnverifiedRing ring = new UnverifiedRing(64 * KIB);

    for (int number = 0; number < 30; number++) {
      ring.add(refused("x".repeat(7 * KIB)));
    }

    assertThat(ring.all()).hasSizeBetween(1, 64 / 7);
  }

  private static UnverifiedRing.Kept refused(String userAgent) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("User-Agent", userAgent);
    return new UnverifiedRing.Kept(
        new HookRequest(headers, Delivery.Encoding.JSON, Instant.EPOCH, new byte[0], Runnable::run),
        new UnverifiedRequest(Instant.EPOCH, null, null, 0, false, "of no matter here"));
  }
}
