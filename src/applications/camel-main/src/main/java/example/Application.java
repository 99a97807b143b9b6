package example;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** Prints the ref of every push. */
public final class Application {
  private Application() {}

  public static void main(String[] args) throws Exception {
    Main main = new Main(Application.class);
    main.configure().addRoutesBuilder(new Pushes());
    main.run(args);
  }

  private static final class Pushes extends RouteBuilder {
    @Override
    public void configure() {
      from("github-webhook:push").routeId("pushes").log("Pushed: ${body[ref]}");
    }
  }
}
