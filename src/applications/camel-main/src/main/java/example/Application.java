package example;

import org.apache.camel.main.Main;

/** Starts Camel, which finds the routes of this package. */
public final class Application {
  private Application() {}

  public static void main(String[] args) throws Exception {
    new Main(Application.class).run(args);
  }
}
