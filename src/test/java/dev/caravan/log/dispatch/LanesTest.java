package dev.caravan.log.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LanesTest {
  private final Lanes lanes = new Lanes();

  @Test
  void oneThatHoldsUpItsLaneIsNotMadeReadyByAnothersLeaving() {
    lanes.addHolding(retry(1));
    lanes.addHolding(retry(2));

    lanes.ready(retry(1));
    assertThat(lanes.poll()).isEqualTo(retry(1));
    lanes.leave(retry(1));

    assertThat(lanes.hasReady()).isFalse();
    lanes.ready(retry(2));
    assertThat(lanes.poll()).isEqualTo(retry(2));
    assertThat(lanes.hasReady()).isFalse();
  }

  @Test
  void oneThatHoldsUpItsLaneIsNotMadeReadyByAnothersExpiry() {
    lanes.addHolding(retry(1));
    lanes.addHolding(retry(2));

    lanes.remove(Set.of(1L));

    assertThat(lanes.hasReady()).isFalse();
    assertThat(lanes.size()).isEqualTo(1);
  }

  @Test
  void oneThatIsDueAndNowhereInItsLaneStillRuns() {
    lanes.ready(retry(1));

    assertThat(lanes.poll()).isEqualTo(retry(1));
  }

  private static InFlightDelivery retry(long position) {
    return new InFlightDelivery(position, "acme/rocket", 10, 1, true);
  }
}
