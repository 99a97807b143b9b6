package dev.caravan.network;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;

/** Vert.x's usual way to the network, with a guard on each listening channel. */
final class GuardedTransport extends JDKTransport {
  private final Connections guard;

  GuardedTransport(Connections guard) {
    this.guard = guard;
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    bootstrap.handler(guard);
  }
}
