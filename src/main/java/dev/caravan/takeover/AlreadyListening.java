package dev.caravan.takeover;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.function.BooleanSupplier;

/**
 * Stands in front of a listening channel whose socket was listening before the channel existed, and
 * may continue after it.
 */
final class AlreadyListening extends ChannelDuplexHandler {
  private final BooleanSupplier stays;

  /**
   * @param stays whether the socket stays open when the channel ends
   */
  AlreadyListening(BooleanSupplier stays) {
    this.stays = stays;
  }

  /** It is bound; now the acceptor is in place, so what has arrived may be read. */
  @Override
  public void bind(ChannelHandlerContext context, SocketAddress local, ChannelPromise promise) {
    context.channel().config().setAutoRead(true);
    promise.setSuccess();
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (stays.getAsBoolean()) {
      var unused = context.deregister(promise); // a closed loop closes what is registered with it
    } else {
      var unused = context.close(promise);
    }
  }
}
