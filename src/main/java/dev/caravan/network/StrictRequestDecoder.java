package dev.caravan.network;

import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.Set;

/**
 * Reads requests as Vert.x does, and refuses with 400 those that it would take although they can be
 * read in two ways: a proxy before us may have read them in the other.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private static final Set<String> VERSIONS =
      Set.of(HttpVersion.HTTP_1_0.text(), HttpVersion.HTTP_1_1.text());

  StrictRequestDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Vert.x would answer 501 in the version that the client made up. */
  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    if (!VERSIONS.contains(initialLine[2])) {
      throw new IllegalArgumentException("No version of HTTP that is spoken here");
    }
    return super.createMessage(initialLine);
  }

  /** RFC 9112, 6.1: it may be processed, but it "ought to be handled as an error". */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}
