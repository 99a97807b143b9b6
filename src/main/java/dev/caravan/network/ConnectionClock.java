package dev.caravan.network;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.AttributeKey;
import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Iterator;

/**
 * Ends connections that are open for no request: those that never sent a whole request head, and
 * those idle since their last one. Also those whose client takes no answers, for which Vert.x would
 * wait before it closes them.
 *
 * <p>Counts requests, not bytes: Vert.x's own idle timeout starts anew with every byte, and a
 * client that sends one a second would keep its connection for ever. Hangs on the channel because
 * with TLS Vert.x has no connection object before the handshake is done. Used on the connection's
 * event loop only.
 */
public final class ConnectionClock {
  private static final AttributeKey<ConnectionClock> KEY =
      AttributeKey.valueOf(ConnectionClock.class, "clock");

  private int requests;
  private boolean served;
  private boolean isEnding;
  private boolean isClosing;
  private long quietSince;

  private ConnectionClock(long now) {
    quietSince = now;
  }

  /** The clock of that connection. */
  public static ConnectionClock of(HttpConnection connection) {
    return of(((ConnectionBase) connection).channel(), System.nanoTime());
  }

  /**
   * Closes those connections of an event loop that are overdue. The clock of one that is new starts
   * when it is first looked at.
   *
   * @param head how long a new connection may take to its first complete request head
   * @param idle how long a connection may be without a request after that
   */
  public static void endOverdue(Context context, Duration head, Duration idle) {
    long now = System.nanoTime();
    var eventLoop = (SingleThreadEventLoop) ((ContextInternal) context).nettyEventLoop();
    for (Iterator<Channel> channels = eventLoop.registeredChannelsIterator();
        channels.hasNext(); ) {
      Channel channel = channels.next();
      if (channel.parent() != null && of(channel, now).isOverdue(now, head, idle)) {
        of(channel, now).close(channel);
      }
    }
  }

  /** Closes a connection at once, whatever is still to be sent on it. */
  public static void cutOff(HttpConnection connection) {
    cutOff(((ConnectionBase) connection).channel());
  }

  private static void cutOff(Channel channel) {
    var unused = channel.pipeline().firstContext().close(); // behind all that would wait
  }

  /** Politely first, and at once when that has brought nothing until the next look. */
  private void close(Channel channel) {
    if (isClosing) {
      cutOff(channel);
    } else {
      isClosing = true;
      var unused = channel.close();
    }
  }

  /** A request has begun. */
  public void requestStarted() {
    requests++;
    served = true;
  }

  /** A request has had its answer, or its client has gone. */
  public void requestEnded() {
    requests--;
    quietSince = System.nanoTime();
  }

  /** An answer says that it is the last of the connection. */
  public void saidClose() {
    isEnding = true;
  }

  /** Whether such an answer was given: what was sent behind its request is no longer taken. */
  public boolean hasSaidClose() {
    return isEnding;
  }

  private boolean isOverdue(long now, Duration head, Duration idle) {
    return requests == 0 && now - quietSince > (served ? idle : head).toNanos();
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
