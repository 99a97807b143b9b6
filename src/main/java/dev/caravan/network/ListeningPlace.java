package dev.caravan.network;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;

/**
 * Where the public port's connections come from: an address of our own to listen on, or a socket
 * that is already listening and outlives this program.
 */
public interface ListeningPlace extends AutoCloseable {
  /**
   * Finds out whether it is possible to listen there, so that the most common reason not to start
   * is one sentence before anything is started.
   *
   * @throws IOException when it cannot
   */
  void check() throws IOException;

  /**
   * A Vert.x whose servers listen here, and ask that guard at each accept.
   *
   * @throws IOException when there is nothing to listen on
   */
  Vertx vertx(Connections guard, VertxOptions options) throws IOException;

  /** Lets a server of that Vert.x listen. Several may, and share what arrives. */
  Future<HttpServer> listen(HttpServer server);

  /** Its name in a URL, such as {@code localhost:8000}; the port is the one in use. */
  String name(int port);

  /**
   * Releases it. When nobody else holds it, connections that still wait there to be accepted are
   * reset.
   */
  @Override
  void close();
}
