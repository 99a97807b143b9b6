package dev.caravan.ingress;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends connections that are open for no request: those that never sent a whole request head, and
 * those idle since their last one.
 *
 * <p>Counts requests, not bytes: Vert.x's own idle timeout starts anew with every byte, and a
 * client that sends one a second would keep its connection for ever. Hangs on the channel because
 * Vert.x has no connection object before the first complete head, and changes it on an upgrade to
 * HTTP/2. Used on the connection's event loop only.
 */
final class ConnectionClock {
  private static final AttributeKey<ConnectionClock> KEY =
      AttributeKey.valueOf(ConnectionClock.class, "clock");

  private int requests;
  private boolean served;
  private long quietSince;

  private ConnectionClock(long now) {
    quietSince = now;
  }

  static ConnectionClock of(HttpConnection connection) {
    return of(channel(connection), System.nanoTime());
  }

  /** The channel of a connection. Vert.x hands it out through this class only. */
  static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** Closes the connection when it is overdue; its clock starts when it is first looked at. */
  static void look(Channel channel, long now, Limits limits) {
    ConnectionClock clock = of(channel, now);
    if (clock.requests == 0) {
      long allowed = (clock.served ? limits.idle() : limits.head()).toNanos();
      if (now - clock.quietSince > allowed) {
        var unused = channel.close();
      }
    }
  }

  void requestStarted() {
    requests++;
    served = true;
  }

  void requestEnded() {
    requests--;
    quietSince = System.nanoTime();
  }

  private static ConnectionClock of(Channel channel, long now) {
    var attribute = channel.attr(KEY);
    ConnectionClock clock = attribute.get();
    if (clock == null) {
      clock = new ConnectionClock(now);
      attribute.set(clock);
    }
    return clock;
  }
}
