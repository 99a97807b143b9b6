package dev.caravan.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  @Test
  void aConnectionClosedBeforeItCouldMakeRoomCountsNoMore() {
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

  @Test
  void requestsOfAConnectionThatStaysDoNotGiveItsOwnPlaceBack() {
    Connections connections = new Connections(2, 2, Callers.ANYONE, address -> {});
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionClock clock = ConnectionClock.begin(channel, connections, null);
    connections.take(clock);
    connections.take(clock); // for a second request

    connections.take(ConnectionClock.begin(new EmbeddedChannel(), connections, null));
    clock.requestArrived();
    channel.runPendingTasks(); // in which it stays
    connections.giveBack(clock);

    assertThat(connections.open()).isEqualTo(2);
  }

  @Test
  void aBodyThatTricklesKeepsItsClientAwaited() {
    Connections connections = new Connections(1, 1, Callers.ANYONE, address -> {});
    ConnectionClock clock = ConnectionClock.begin(new EmbeddedChannel(), connections, null);
    long since = clock.awaitedSince();

    for (int number = 0; number < 1000; number++) {
      clock.bodyArrives(1);
    }
    assertThat(clock.awaitedSince()).isEqualTo(since);

    clock.bodyArrives(100_000);
    assertThat(clock.awaitedSince() - since).isPositive();
  }
}
