package dev.caravan.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is open for: since when it waits for its client, or its client for us.
 *
 * <p>Counts requests, not bytes: Vert.x's own idle timeout starts anew with every byte, and a
 * client that sends one a second would keep its connection for ever. It is attached to the channel
 * because with TLS Vert.x has no connection object before the handshake is done. Used only on the
 * connection's event loop.
 */
public final class ConnectionClock {
  /** What counts the connections of a port, and the open requests of each. */
  interface Places {
    /** Counts a connection in, or a further request of one; false when there is no room. */
    boolean take(ConnectionClock clock);

    /** A further request of a connection has had its answer. */
    void giveBack(ConnectionClock clock);

    /** One that was to make room is not closed after all, and counts again. */
    void stays(ConnectionClock clock);
  }

  /** For a connection with a complete request: it is the client that waits. */
  static final long NOT_AWAITED = 0;

  /** How much of a body counts at a time: a client that trickles bytes still keeps us waiting. */
  private static final int PROGRESS = 16 * 1024;

  private static final AttributeKey<ConnectionClock> KEY =
      AttributeKey.valueOf(ConnectionClock.class, "clock");

  private final Channel channel;
  private final @Nullable Places places;
  private final @Nullable Object peer;
  private int taken; // kept by the places, under their lock
  private int requests;
  private int complete;
  private int progress;
  private boolean served;
  private boolean isEnding;
  private boolean isSentAway;
  private boolean isClosing;
  private long quietSince;
  private volatile long awaitedSince;

  private ConnectionClock(
      Channel channel, @Nullable Places places, @Nullable Object peer, long now) {
    this.channel = channel;
    this.places = places;
    this.peer = peer;
    quietSince = now;
    awaitedSince = notZero(now);
  }

  /**
   * Starts the clock of a connection that was just accepted.
   *
   * @param places what counts it
   * @param peer whom to count it for; null when it is counted for nobody
   */
  static ConnectionClock begin(Channel channel, Places places, @Nullable Object peer) {
    ConnectionClock clock = new ConnectionClock(channel, places, peer, System.nanoTime());
    channel.attr(KEY).set(clock);
    return clock;
  }

  /** The clock of that connection. */
  public static ConnectionClock of(HttpConnection connection) {
    return of(((ConnectionBase) connection).channel(), System.nanoTime());
  }

  static ConnectionClock of(Channel channel) {
    return of(channel, System.nanoTime());
  }

  /**
   * Whether something is owed to its client, when the connection is not to live on: it waits for an
   * answer, has just connected and will have one to wait for, or has just been sent away and may
   * have sent another request by then.
   *
   * @param patience how long a client may take to its first request, or to its last one after it
   *     was sent away, before nothing is owed to it
   */
  boolean isOwed(long now, Duration patience) {
    return requests > 0 || ((!served || isSentAway) && now - quietSince < patience.toNanos());
  }

  /** Whether it is between two requests, so that its client may send another. */
  boolean isKept() {
    return requests == 0 && served && !isEnding && !isSentAway;
  }

  /**
   * Tells the client of a connection of HTTP/2 that has had a request to make its next ones on
   * another, and to close this one when it has its answers. What it has sent before it knows is
   * still answered.
   */
  public void sendAway() {
    if (served && !isSentAway && GoAway.say(channel)) {
      isSentAway = true;
      quietSince = System.nanoTime();
    }
  }

  /** Closes a connection at once, even if something is still to be sent on it. */
  public static void cutOff(HttpConnection connection) {
    cutOff(((ConnectionBase) connection).channel());
  }

  private static void cutOff(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext(); // behind all that would wait
    var unused = first == null ? channel.close() : first.close(); // none as long as it is new
  }

  /** Politely first, and at once when that has achieved nothing by the next look. */
  void close() {
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

  /**
   * Bytes of a body have arrived: once there are many, its client is not the one that keeps us
   * waiting.
   */
  public void bodyArrives(int bytes) {
    progress += bytes;
    if (progress >= PROGRESS) {
      progress = 0;
      if (awaitedSince != NOT_AWAITED) {
        awaitedSince = notZero(System.nanoTime());
      }
    }
  }

  /** A request has arrived completely: from now on its client waits for us. */
  public void requestArrived() {
    complete++;
    awaitedSince = NOT_AWAITED;
  }

  /**
   * A request has had its answer, or its client has gone.
   *
   * @param hadArrived whether {@link #requestArrived} was told of it
   */
  public void requestEnded(boolean hadArrived) {
    requests--;
    complete -= hadArrived ? 1 : 0;
    quietSince = System.nanoTime();
    if (complete == 0) {
      awaitedSince = notZero(quietSince);
    }
  }

  /** Takes room for the head of a request beside others that the connection has open. */
  public boolean takesAnother() {
    return places == null || places.take(this);
  }

  /** Gives that room back. */
  public void givesBack() {
    if (places != null) {
      places.giveBack(this);
    }
  }

  /** How many requests are open. */
  public int requests() {
    return requests;
  }

  /** Since when we have been waiting for the client; by any thread. */
  long awaitedSince() {
    return awaitedSince;
  }

  @Nullable Object peer() {
    return peer;
  }

  int taken() {
    return taken;
  }

  void addTaken(int more) {
    taken += more;
  }

  /** Closes the connection because another one needs its place; by any thread. */
  void makeRoom(Places from) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (awaitedSince == NOT_AWAITED && channel.isActive()) {
                from.stays(this); // its request has become complete in the meantime
              } else {
                cutOff(channel);
              }
            });
  }

  /** An answer says that it is the last of the connection. */
  public void saidClose() {
    isEnding = true;
  }

  /** Whether such an answer was given: what was sent after its request is no longer read. */
  public boolean hasSaidClose() {
    return isEnding;
  }

  private static long notZero(long now) {
    return now == NOT_AWAITED ? 1 : now;
  }

  /**
   * Whether it has been open for no request for too long.
   *
   * @param head how long a new connection may take to its first complete request head
   * @param idle how long a connection may be without a request after that
   */
  boolean isOverdue(long now, Duration head, Duration idle) {
    return requests == 0 && now - quietSince > (served ? idle : head).toNanos();
  }

  static ConnectionClock of(Channel channel, long now) {
    var attribute = channel.attr(KEY);
    ConnectionClock clock = attribute.get();
    if (clock == null) {
      clock = new ConnectionClock(channel, null, null, now);
      attribute.set(clock);
    }
    return clock;
  }
}
