package dev.caravan.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  @Test
  void oneThatIsClosedBeforeItCouldMakeRoomCountsNoMore() {
    Connections connections = new Connections(1, 1, Callers.ANYONE, address -> {});
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionClock clock = ConnectionClock.begin(channel, connections, null);
    connections.take(clock);

    connections.take(ConnectionClock.begin(new EmbeddedChannel(), connections, null));
    clock.requestArrived();
    channel.unsafe().closeForcibly();
    channel.runPendingTasks(); // in which it would have made room

    assertThat(connections.open()).isEqualTo(1);
  }
}
