package dev.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A way to a port of this machine that can be cut, and on which nothing may come through any more,
 * without either side being told, or only slowly.
 */
public final class Relay implements AutoCloseable {
  /** What TCP makes of a lost packet: it is sent again after so long. */
  private static final Duration SENT_AGAIN_AFTER = Duration.ofMillis(200);

  private final ServerSocket listener;
  private final int to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> deaf = ConcurrentHashMap.newKeySet();
  private volatile boolean frozen;
  private volatile boolean shut;
  private volatile long delayNanos;
  private volatile int lostOfHundred;
  private final AtomicLong packets = new AtomicLong();

  public Relay(int to) {
    this(InetAddress.getLoopbackAddress(), to);
  }

  public Relay(InetAddress at, int to) {
    this.to = to;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(at, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** How many have come from either side: a question and its answer are two, if they are short. */
  public long packets() {
    return packets.get();
  }

  /** Nothing comes through from now on; connections stay as they are. */
  public void freeze() {
    frozen = true;
  }

  /** The same for the connections that there are; new ones are let through. */
  public void freezeThoseOpen() {
    deaf.addAll(open);
  }

  /** All goes on, with what was held back. */
  public void thaw() {
    frozen = false;
    deaf.clear();
  }

  /** From now on each packet takes that long, and so many of a hundred have to be sent again. */
  public void slow(Duration delay, int lost) {
    delayNanos = delay.toNanos();
    lostOfHundred = lost;
  }

  /** Ends every connection there is; new ones are let through. Returns how many those were. */
  public int cut() {
    int ended = open.size() / 2;
    open.forEach(Relay::end);
    return ended;
  }

  /** Ends every connection there is, and from now on new ones at once. */
  public void shut() {
    shut = true;
    cut();
  }

  /** New ones are let through again. */
  public void open() {
    shut = false;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thaw();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (shut) {
          client.close();
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        connect(client, server);
        connect(server, client);
      } catch (IOException e) {
        // the listener is closed, or nobody is there: the client is told when it sends
      }
    }
  }

  private void connect(Socket from, Socket into) {
    BlockingQueue<Packet> way = new LinkedBlockingQueue<>();
    start(() -> read(from, way));
    start(() -> write(way, from, into));
  }

  /**
   * What came.
   *
   * @param at when it may come out on the other side, in nanoTime
   */
  @SuppressWarnings("ArrayRecordComponent") // only carried, never compared
  private record Packet(byte[] bytes, long at) {}

  private void read(Socket from, BlockingQueue<Packet> way) {
    try (InputStream in = from.getInputStream()) {
      byte[] packet = new byte[16 << 10];
      long last = System.nanoTime();
      for (int read = in.read(packet); read >= 0; read = in.read(packet)) {
        boolean isLost = ThreadLocalRandom.current().nextInt(100) < lostOfHundred;
        long at = System.nanoTime() + delayNanos + (isLost ? SENT_AGAIN_AFTER.toNanos() : 0);
        packets.incrementAndGet();
        last = Math.max(last, at); // what comes behind a lost one waits for it
        way.add(new Packet(Arrays.copyOf(packet, read), last));
      }
    } catch (IOException e) {
      // it has gone
    } finally {
      way.add(new Packet(new byte[0], System.nanoTime()));
    }
  }

  private void write(BlockingQueue<Packet> way, Socket from, Socket into) {
    try (OutputStream out = into.getOutputStream()) {
      for (Packet packet = way.take(); packet.bytes().length > 0; packet = way.take()) {
        LockSupport.parkNanos(packet.at() - System.nanoTime());
        awaitThaw(from);
        out.write(packet.bytes());
      }
    } catch (IOException e) {
      // it has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      awaitThaw(from); // the end of a connection does not come through either
      open.remove(from);
      end(from);
      end(into);
    }
  }

  private void awaitThaw(Socket from) {
    while (frozen || deaf.contains(from)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }
}
