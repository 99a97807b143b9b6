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
    say(http2, (Http2ConnectionHandler) http2.handler(), WHATEVER_WAS_SENT);
    return true;
  }

  /**
   * Says which request is the last that is answered, to a client that was told to close the
   * connection and has not yet: a later one is ignored, and can be sent again elsewhere.
   */
  static void sayLast(Channel channel) {
    ChannelHandlerContext http2 = channel.pipeline().context(Http2ConnectionHandler.class);
    if (http2 != null
        && http2.handler() instanceof Http2ConnectionHandler handler
        && handler.connection().goAwaySent()) {
      say(http2, handler, handler.connection().remote().lastStreamCreated());
    }
  }

  private static void say(ChannelHandlerContext http2, Http2ConnectionHandler handler, int last) {
    var unused =
        handler.goAway(
            http2, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, http2.newPromise());
    http2.flush();
  }
}
