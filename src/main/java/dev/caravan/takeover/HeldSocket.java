package dev.caravan.takeover;

import dev.caravan.config.EveryAddress;
import dev.caravan.network.Connections;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.OwnAddress;
import dev.caravan.network.StrictHttp;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Socket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The socket that the public port listens on, separate from the servers that accept from it:
 * systemd or the program before this one may have made it, and it can stay when this one ends.
 *
 * <p>As long as anybody has it open, no connection is refused: those that nobody accepts yet wait
 * in it, in the system, up to {@link #BACKLOG} of them.
 */
public final class HeldSocket implements ListeningPlace {
  private static final int BACKLOG = 4096;
  private static final int NONE = -1;

  private final PublicAddress address;
  private boolean isHeldElsewhere;
  private int descriptor;
  private boolean stays;

  private HeldSocket(PublicAddress address, int descriptor, boolean isHeldElsewhere) {
    this.address = address;
    this.descriptor = descriptor;
    this.isHeldElsewhere = isHeldElsewhere;
  }

  /** One that is made when it is needed. */
  public static HeldSocket at(PublicAddress address) {
    return new HeldSocket(address, NONE, false);
  }

  /**
   * One that is already listening, and that the program before this one holds until it is released.
   */
  static HeldSocket adopted(PublicAddress address, int descriptor) {
    return new HeldSocket(address, descriptor, true);
  }

  /** A socket that systemd has opened for this process, or null when there is none. */
  public static @Nullable HeldSocket fromSystemd(
      PublicAddress address, Map<String, String> environment) throws IOException {
    ActivatedSockets sockets = ActivatedSockets.of(environment);
    return sockets.count() == 0 ? null : ofSystemd(address, sockets.only());
  }

  static HeldSocket ofSystemd(PublicAddress address, int descriptor) throws IOException {
    new Listening(descriptor).check(address);
    return new HeldSocket(address, descriptor, true);
  }

  /** Whether it stays open when this program ends. */
  public synchronized boolean isHeldElsewhere() {
    return isHeldElsewhere;
  }

  /** Whether it is from now on. */
  synchronized void heldElsewhere(boolean is) {
    isHeldElsewhere = is;
  }

  /** Whether it stays open when what accepts from it is closed. */
  public synchronized void stays(boolean open) {
    stays = open;
  }

  /** Its number in this process, once it is open. */
  synchronized int descriptor() {
    return descriptor;
  }

  /** The port it listens on; 0 for a file. */
  public synchronized int port() {
    return descriptor == NONE || address.file() != null ? 0 : new Listening(descriptor).port();
  }

  @Override
  public synchronized void check() throws IOException {
    if (descriptor == NONE && address.file() == null) {
      OwnAddress.probe(address.host(), address.port());
    }
  }

  @Override
  public synchronized Vertx vertx(Connections guard, VertxOptions options) throws IOException {
    if (descriptor == NONE) {
      Path file = address.file();
      descriptor =
          file == null
              ? open(address)
              : UnixSockets.listen(file, address.mode(), BACKLOG).intValue();
    }
    return StrictHttp.over(new NativeTransport(guard, this::channel, this::staysOpen), options);
  }

  @Override
  public Future<HttpServer> listen(HttpServer server) {
    Path file = address.file();
    return file == null
        ? server.listen(port(), "localhost") // its name: it is already listening
        : server.listen(SocketAddress.domainSocketAddress(file.toString()));
  }

  @Override
  public String name(int port) {
    return address.file() == null ? "localhost:" + port : "unix:" + address.file() + ":";
  }

  /** Its channel has closed the socket itself, unless the socket should stay. */
  @Override
  public synchronized void close() {
    if (!stays && descriptor != NONE) {
      descriptor = NONE;
      if (address.file() != null && !isHeldElsewhere) {
        try {
          Files.deleteIfExists(address.file());
        } catch (IOException e) {
          // the next start removes it
        }
      }
    }
  }

  private synchronized boolean staysOpen() {
    return stays;
  }

  private synchronized ServerChannel channel() {
    ServerChannel channel =
        address.file() == null
            ? new EpollServerSocketChannel(descriptor)
            : new EpollServerDomainSocketChannel(descriptor);
    channel.config().setAutoRead(false); // until it is told to bind
    return channel;
  }

  private static int open(PublicAddress address) throws IOException {
    // As Java does: one socket of IPv6 for every address of both kinds.
    String host =
        EveryAddress.isMeantBy(address.host())
            ? (Socket.isIPv6Preferred() ? "::" : "0.0.0.0")
            : address.host();
    InetSocketAddress local = new InetSocketAddress(host, address.port());
    if (local.isUnresolved()) {
      throw new BindException("there is no such address: " + address.host());
    }
    Socket socket = Socket.newSocketStream();
    try {
      socket.setReuseAddress(true);
      socket.bind(local);
      socket.listen(BACKLOG);
      return socket.intValue();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
