package example;

import org.apache.camel.builder.RouteBuilder;

/** Prints the ref of every push. */
public class Pushes extends RouteBuilder {
  @Override
  public void configure() {
    from("github-webhook:push").routeId("pushes").log("Pushed: ${body[ref]}");
  }
}
