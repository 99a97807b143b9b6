package dev.caravan.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a port. Decides at accept, before TLS and before a byte is read, which is
 * let in: none from an address that may not call, and no more than the limits in total and from one
 * address.
 *
 * <p>At the limit, the newcomer is not turned away: it may be GitHub. The connection that has kept
 * us waiting longest makes room, whether for its request, for the rest of it, or for the next one.
 * A connection whose request is complete is never closed for that.
 *
 * <p>Each request beyond the first that a connection has open at a time (HTTP/2, or pipelined) is
 * counted as one more connection, since its head takes as much memory.
 */
@Sharable
public final class Connections extends ChannelInboundHandlerAdapter
    implements ConnectionClock.Places {
  private final int most;
  private final int mostPerPeer;
  private final Callers callers;
  private final Consumer<byte[]> notAllowed;
  private final Set<ConnectionClock> open = new HashSet<>();
  private final Map<Object, Integer> perPeer = new HashMap<>();
  private volatile @Nullable Channel listening;
  private int taken;
  private long ended;

  /**
   * @param most how many there may be in all
   * @param mostPerPeer how many from one address (of IPv6, from one /64), unless it is a trusted
   *     proxy's
   * @param notAllowed is told the address of a connection that {@code callers} does not let in
   */
  public Connections(int most, int mostPerPeer, Callers callers, Consumer<byte[]> notAllowed) {
    this.most = most;
    this.mostPerPeer = mostPerPeer;
    this.callers = callers;
    this.notAllowed = notAllowed;
  }

  /** Those of a port that is for few: as many as that, whoever has them. */
  public static Connections ofAnyone(int most) {
    return new Connections(most, most, Callers.ANYONE, notAllowed -> {});
  }

  /** How many there are, further requests of a connection included. */
  public synchronized int open() {
    return taken;
  }

  /** How many were closed to make room for another. */
  public synchronized long ended() {
    return ended;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    listening = context.channel();
  }

  /**
   * Leaves further connections where they wait; when this returns, all that were accepted have been
   * counted.
   */
  public void stopAccepting() {
    Channel channel = listening;
    if (channel != null) {
      channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).syncUninterruptibly();
    }
  }

  /** What the listening channel reads are new connections. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel channel = (Channel) message;
    if (isLetIn(channel)) {
      context.fireChannelRead(channel);
    } else {
      channel.unsafe().closeForcibly();
    }
  }

  private boolean isLetIn(Channel channel) {
    Object client = null;
    if (channel.remoteAddress() instanceof InetSocketAddress remote) {
      byte[] bytes = Network.withoutMapping(remote.getAddress().getAddress());
      if (callers.decideByPeer() && !callers.mayCall(bytes)) {
        notAllowed.accept(bytes);
        return false;
      }
      client = callers.isProxy(bytes) ? null : Network.client(bytes);
    } else if (!(channel instanceof DomainSocketChannel)) { // which is a proxy's
      return false; // gone already
    }
    ConnectionClock clock = ConnectionClock.begin(channel, this, client);
    if (!take(clock)) {
      return false;
    }
    var unused = channel.closeFuture().addListener(closed -> remove(clock));
    return true;
  }

  @Override
  public boolean take(ConnectionClock clock) {
    ConnectionClock leaving = null;
    synchronized (this) {
      Object peer = clock.peer();
      boolean isPeersTurn = peer != null && perPeer.getOrDefault(peer, 0) >= mostPerPeer;
      if (isPeersTurn || taken >= most) {
        leaving = longestAwaited(isPeersTurn ? peer : null, clock);
        if (leaving == null) {
          return false;
        }
        ended++;
        forget(leaving);
      }
      open.add(clock);
      count(clock, 1);
    }
    if (leaving != null) {
      leaving.makeRoom(this);
    }
    return true;
  }

  @Override
  public synchronized void giveBack(ConnectionClock clock) {
    // The last place is the connection's own, for as long as it is open; see stays.
    if (open.contains(clock) && clock.taken() > 1) {
      count(clock, -1);
    }
  }

  @Override
  public synchronized void stays(ConnectionClock clock) { // there is one too many for a moment
    open.add(clock); // and what it has open counts as one, however many requests
    count(clock, 1);
  }

  private synchronized void remove(ConnectionClock clock) {
    if (open.contains(clock)) {
      forget(clock);
    }
  }

  /** From then on it no longer counts: it is closed, or will be in a moment. */
  private void forget(ConnectionClock clock) {
    open.remove(clock);
    count(clock, -clock.taken());
  }

  private void count(ConnectionClock clock, int places) {
    clock.addTaken(places);
    taken += places;
    Object peer = clock.peer();
    if (peer != null) {
      perPeer.merge(peer, places, (before, more) -> before + more == 0 ? null : before + more);
    }
  }

  private @Nullable ConnectionClock longestAwaited(
      @Nullable Object peer, ConnectionClock newcomer) {
    ConnectionClock longest = null;
    long since = 0;
    for (ConnectionClock clock : open) {
      long awaited = clock.awaitedSince();
      if (awaited != ConnectionClock.NOT_AWAITED
          && clock != newcomer
          && (peer == null || peer.equals(clock.peer()))
          && (longest == null || awaited - since < 0)) {
        longest = clock;
        since = awaited;
      }
    }
    return longest;
  }
}
