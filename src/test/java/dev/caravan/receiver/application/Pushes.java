package dev.caravan.receiver.application;

import org.apache.camel.builder.RouteBuilder;

/** Deploys what is pushed to the main branch. */
public final class Pushes extends RouteBuilder {
  @Override
  public void configure() {
    from("github-webhook:push")
        .routeId("pushes")
        .filter(simple("${body[ref]} == 'refs/heads/main'"))
        .to("http://deployer.internal/run");
  }
}
