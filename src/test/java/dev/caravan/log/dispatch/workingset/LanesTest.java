package dev.caravan.log.dispatch.workingset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.dispatch.workingset.InFlightDelivery.State;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LanesTest {
  private final Lanes lanes = new Lanes();

  @Test
  void aDeliveryThatHoldsUpItsLaneIsNotMadeReadyByAnothersLeaving() {
    InFlightDelivery first = held(1);
    InFlightDelivery second = held(2);

    release(first);
    assertThat(lanes.poll()).isEqualTo(first);
    lanes.leave(first);

    assertThat(lanes.hasReady()).isFalse();
    release(second);
    assertThat(lanes.poll()).isEqualTo(second);
    assertThat(lanes.hasReady()).isFalse();
  }

  @Test
  void aDeliveryThatHoldsUpItsLaneIsNotMadeReadyByAnothersExpiry() {
    held(1);
    held(2);

    lanes.remove(Set.of(1L));

    assertThat(lanes.hasReady()).isFalse();
    assertThat(lanes.size()).isEqualTo(1);
  }

  private InFlightDelivery held(long position) {
    InFlightDelivery delivery = new InFlightDelivery(position, "acme/rocket", 10, 1);
    delivery.become(State.HELD);
    lanes.addHolding(delivery);
    return delivery;
  }

  private void release(InFlightDelivery delivery) {
    delivery.become(State.WAITING);
    lanes.ready(delivery);
  }
}
