package dev.caravan.network;

import dev.caravan.config.OutOfMemory;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.transport.Transport;

/** Servers that are strict about how requests are written, and how many at once. */
public final class StrictHttp {
  /** The most fields of a head. GitHub sends fifteen or so, and a chain of proxies adds as many. */
  public static final int MOST_FIELDS = 100;

  /** The most bytes of a head's fields. GitHub and usual proxies need one to two KiB. */
  public static final int LARGEST_HEAD = 8 * 1024;

  private static final int LONGEST_FIRST_LINE = 4 * 1024;

  private StrictHttp() {}

  /** A Vert.x whose servers ask that guard at each accept. */
  public static Vertx guardedBy(Connections connections, VertxOptions options) {
    return over(new GuardedTransport(connections), options);
  }

  /** A Vert.x with that way to the network. */
  public static Vertx over(Transport transport, VertxOptions options) {
    return new VertxBuilder(options).findTransport(transport).init().vertx();
  }

  /** For a Vert.x without the directories for files that our servers never use. */
  public static VertxOptions withoutFiles() {
    return new VertxOptions()
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /**
   * Makes one. It speaks HTTP/2 with TLS only: in clear text it would be offered as an upgrade too,
   * in which Vert.x keeps only the last of two headers of one name, and accepts broken heads.
   */
  public static HttpServer createServer(Vertx vertx, HttpServerOptions options) {
    options
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(LARGEST_HEAD)
        .setMaxInitialLineLength(LONGEST_FIRST_LINE);
    options.getInitialSettings().setMaxHeaderListSize(LARGEST_HEAD);
    return vertx
        .createHttpServer(options)
        .connectionHandler(connection -> begin(connection, options));
  }

  private static void begin(HttpConnection connection, HttpServerOptions options) {
    connection.exceptionHandler(OutOfMemory::endsProgram); // otherwise it is the client's problem
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    if (pipeline.get("httpDecoder") != null) { // else it is HTTP/2
      pipeline.replace(
          "httpDecoder", "httpDecoder", new StrictRequestDecoder(options, MOST_FIELDS));
      pipeline.addBefore("handler", "requestGate", new RequestGate());
    }
  }
}
