package dev.caravan.ingress.route;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;

/** Refuses every {@code platform-http} endpoint of a user's route. */
public final class HookOnlyEngine extends ServiceSupport implements PlatformHttpEngine {
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
    return 0; // there is none
  }
}
