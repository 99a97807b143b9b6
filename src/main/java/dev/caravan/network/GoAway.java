package dev.caravan.network;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;

/**
 * The polite end of a connection of HTTP/2, as RFC 9113 has it (section 6.8): with the highest
 * possible request number, so that no request in progress is refused. If the connection were closed
 * at once, whatever its client has just sent would reset it, and the last answers would be lost.
 */
final class GoAway {
  private static final int WHATEVER_WAS_SENT = Integer.MAX_VALUE;

  private GoAway() {}

  /** Says it; false when the connection does not speak HTTP/2. */
  static boolean say(Channel channel) {
    ChannelHandlerContext http2 = channel.pipeline().context(Http2ConnectionHandler.class);
    if (http2 == null) {
      return false;
    }
    var unused =
        ((Http2ConnectionHandler) http2.handler())
            .goAway(
                http2,
                WHATEVER_WAS_SENT,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                http2.newPromise());
    http2.flush();
    return true;
  }
}
