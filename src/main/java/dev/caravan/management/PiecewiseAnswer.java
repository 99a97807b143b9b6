package dev.caravan.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends bytes a piece at a time, as fast as the client takes them: a large body is not in memory a
 * second time. For the event loop.
 */
final class PiecewiseAnswer {
  private static final int PIECE = 64 * 1024;

  private final HttpServerResponse response;
  private final byte[] bytes;
  private int sent;

  private PiecewiseAnswer(HttpServerResponse response, byte[] bytes) {
    this.response = response;
    this.bytes = bytes;
  }

  static void send(HttpServerResponse response, byte[] bytes) {
    response.putHeader("Content-Length", String.valueOf(bytes.length));
    new PiecewiseAnswer(response, bytes).goOn();
  }

  private void goOn() {
    while (sent < bytes.length && !response.closed()) {
      if (response.writeQueueFull()) {
        response.drainHandler(drained -> goOn());
        return;
      }
      int length = Math.min(PIECE, bytes.length - sent);
      response.write(Buffer.buffer(length).appendBytes(bytes, sent, length));
      sent += length;
    }
    if (!response.closed()) {
      response.end();
    }
  }
}
