package dev.caravan.takeover;

import dev.caravan.network.Connections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ServerChannel;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.net.NetServerOptions;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Vert.x's transport over Linux's own sockets, with a guard on each listening one. */
final class NativeTransport extends EpollTransport {
  private final Connections guard;
  private final Supplier<ServerChannel> channels;
  private final BooleanSupplier stays;

  /**
   * @param channels over the socket that listens already
   * @param stays whether it stays open when its channel ends
   */
  NativeTransport(Connections guard, Supplier<ServerChannel> channels, BooleanSupplier stays) {
    this.guard = guard;
    this.channels = channels;
    this.stays = stays;
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return channels::get;
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    bootstrap.handler(
        new ChannelInitializer<ServerChannel>() {
          @Override
          protected void initChannel(ServerChannel channel) {
            channel.pipeline().addLast(new AlreadyListening(stays), guard);
          }
        });
  }
}
