package dev.caravan.network;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The connections of one event loop, looked at one after the other: ends those that are open for no
 * request, and tells how many a port that closes has to wait for. Used on that event loop only.
 */
public final class LoopConnections {
  private final SingleThreadEventLoop loop;

  /** Those of the event loop of this context. */
  public LoopConnections(Context context) {
    loop = (SingleThreadEventLoop) ((ContextInternal) context).nettyEventLoop();
  }

  /**
   * Ends those that never sent a whole request head, and those idle since their last one. Also
   * those whose client takes no answers, for which Vert.x would wait before it closes them. The
   * clock of one that is new starts when it is first looked at.
   *
   * @param head how long a new connection may take to its first complete request head
   * @param idle how long a connection may be without a request after that
   */
  public void endOverdue(Duration head, Duration idle) {
    long now = System.nanoTime();
    all(now).filter(clock -> clock.isOverdue(now, head, idle)).forEach(ConnectionClock::close);
  }

  /**
   * How many something is owed to: an answer, or a moment to send a request.
   *
   * @param patience how long a client may take to its first request, or to its last one after it
   *     was sent away, before nothing is owed to it
   */
  public int owed(Duration patience) {
    long now = System.nanoTime();
    return count(now, clock -> clock.isOwed(now, patience));
  }

  /** How many are between two requests, so that their clients may send another. */
  public int kept() {
    return count(System.nanoTime(), ConnectionClock::isKept);
  }

  /**
   * Sends away the clients of those that speak HTTP/2 and have had a request; those of HTTP/1 can
   * be told in an answer only.
   */
  public void sendAway() {
    all(System.nanoTime()).forEach(ConnectionClock::sendAway);
  }

  /** Tells the clients of those that were sent away and are still there what was answered. */
  public void sayWhichWasLast() {
    channels().forEach(GoAway::sayLast);
  }

  private int count(long now, Predicate<ConnectionClock> wanted) {
    return (int) all(now).filter(wanted).count();
  }

  private Stream<ConnectionClock> all(long now) {
    return channels().map(channel -> ConnectionClock.of(channel, now));
  }

  private Stream<Channel> channels() {
    Iterable<Channel> channels = loop::registeredChannelsIterator;
    return StreamSupport.stream(channels.spliterator(), false)
        .filter(channel -> channel.parent() != null);
  }
}
