package dev.caravan.management;

import dev.caravan.network.ConnectionClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Sends bytes a piece at a time, as fast as the client reads them, so that a large body is not in
 * memory twice. A client that stops reading is cut off. For the event loop.
 */
final class PiecewiseAnswer {
  private static final long NO_TIMER = -1; // 0 is the id of one
  private static final int PIECE = 64 * 1024;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final byte[] bytes;
  private final Duration patience;
  private int sent;
  private long cutOff = NO_TIMER;

  private PiecewiseAnswer(RoutingContext context, byte[] bytes, Duration patience) {
    this.context = context;
    this.response = context.response();
    this.bytes = bytes;
    this.patience = patience;
  }

  /**
   * Sends them as the body.
   *
   * @param patience how long the client may read so little that no more can be sent
   */
  static void send(RoutingContext context, byte[] bytes, Duration patience) {
    context.response().putHeader("Content-Length", String.valueOf(bytes.length));
    PiecewiseAnswer answer = new PiecewiseAnswer(context, bytes, patience);
    context.addEndHandler(ended -> context.vertx().cancelTimer(answer.cutOff));
    answer.goOn();
  }

  private void goOn() {
    context.vertx().cancelTimer(cutOff);
    while (sent < bytes.length && !response.closed()) {
      if (response.writeQueueFull()) {
        cutOff =
            context
                .vertx()
                .setTimer(
                    patience.toMillis(),
                    late -> ConnectionClock.cutOff(context.request().connection()));
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
