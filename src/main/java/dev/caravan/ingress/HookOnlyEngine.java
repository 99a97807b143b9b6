package dev.caravan.ingress;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;

/**
 * What every {@code platform-http} endpoint gets that does not name an engine: a refusal. Only the
 * receiving route names one.
 */
final class HookOnlyEngine extends ServiceSupport implements PlatformHttpEngine {
  private final IngressServer server;

  HookOnlyEngine(IngressServer server) {
    this.server = server;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    throw new IllegalArgumentException(
        "platform-http:"
            + endpoint.getPath()
            + " is not possible: the public port serves the hook path and nothing else. To get"
            + " GitHub's events, write from: github-webhook:EVENTS. For other HTTP calls, use"
            + " another component, such as netty-http, on a port of its own.");
  }

  @Override
  public int getServerPort() {
    return server.port();
  }
}
