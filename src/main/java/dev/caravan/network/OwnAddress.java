package dev.caravan.network;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** An address of this machine on which nothing listens before us, and nothing after us. */
public final class OwnAddress implements ListeningPlace {
  private final String host;
  private final int port;
  // A negative port makes Vert.x take a free one and share it between the servers that name it.
  private final int wanted;

  /**
   * @param port 0 takes a free one
   */
  public OwnAddress(String host, int port) {
    this.host = host;
    this.port = port;
    this.wanted = port == 0 ? -ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) : port;
  }

  @Override
  public void check() throws IOException {
    probe(host, port);
  }

  /**
   * Finds out whether that address is free.
   *
   * @throws IOException when it is not
   */
  public static void probe(String host, int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    }
  }

  @Override
  public Vertx vertx(Connections guard, VertxOptions options) {
    return StrictHttp.guardedBy(guard, options);
  }

  @Override
  public Future<HttpServer> listen(HttpServer server) {
    return server.listen(wanted, host);
  }

  @Override
  public String name(int actualPort) {
    return "localhost:" + actualPort;
  }

  @Override
  public void close() {
    // its server has closed it
  }
}
