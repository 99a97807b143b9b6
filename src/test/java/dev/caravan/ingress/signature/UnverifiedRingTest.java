package dev.caravan.ingress.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.ingress.request.HookRequest;
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

  @Test
  void strangersCannotPushOutWhatWasRecognised() {
    UnverifiedRing ring = new UnverifiedRing(100_000);
    ring.add(kept(true, 30_000));
    for (int each = 0; each < 100; each++) {
      ring.add(kept(false, 30_000));
    }

    assertThat(ring.all()).hasSize(3);
    assertThat(ring.all().get(0).shown().recognised()).isTrue();
    ring.add(kept(true, 200_000));
    assertThat(ring.all()).hasSize(3);
  }

  private static UnverifiedRing.Kept kept(boolean recognised, int bytes) {
    HookRequest request =
        new HookRequest(
            MultiMap.caseInsensitiveMultiMap(),
            Delivery.Encoding.JSON,
            Instant.EPOCH,
            new byte[bytes],
            Runnable::run);
    return new UnverifiedRing.Kept(
        request, new UnverifiedRequest(Instant.EPOCH, null, null, bytes, recognised, "why"));
  }

  private static UnverifiedRing.Kept refused(String userAgent) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("User-Agent", userAgent);
    return new UnverifiedRing.Kept(
        new HookRequest(headers, Delivery.Encoding.JSON, Instant.EPOCH, new byte[0], Runnable::run),
        new UnverifiedRequest(Instant.EPOCH, null, null, 0, false, "of no matter here"));
  }
}
