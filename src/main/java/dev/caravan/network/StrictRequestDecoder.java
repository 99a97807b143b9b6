package dev.caravan.network;

import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.Set;

/**
 * Reads requests as Vert.x does, and refuses with 400 those that Vert.x would accept although they
 * are ambiguous: a proxy in front of us may have read them the other way.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private static final Set<String> VERSIONS =
      Set.of(HttpVersion.HTTP_1_0.text(), HttpVersion.HTTP_1_1.text());

  private final int mostFields;
  private int fields;

  StrictRequestDecoder(HttpServerOptions options, int mostFields) {
    super(options);
    this.mostFields = mostFields;
  }

  /**
   * A field of one letter takes fifty times its bytes in memory, so the number of fields is what
   * counts.
   */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    fields++;
    if (fields > mostFields) {
      throw new TooLongHttpHeaderException("More than %d fields".formatted(mostFields));
    }
    return super.splitHeaderName(line, start, length);
  }

  /** Vert.x would answer 501 in the version that the client made up. */
  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    fields = 0;
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
