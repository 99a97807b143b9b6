package dev.caravan.ingress.route;

import dev.caravan.ingress.request.RequestSource;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;

/** Connects the receiving route to where requests come from. */
public final class HookEngine extends ServiceSupport implements PlatformHttpEngine {
  private final RequestSource server;
  private final WaitingSenders waiting;

  public HookEngine(RequestSource server, WaitingSenders waiting) {
    this.server = server;
    this.waiting = waiting;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new HookConsumer(endpoint, processor, server, waiting);
  }

  @Override
  public int getServerPort() {
    return server.port();
  }
}
