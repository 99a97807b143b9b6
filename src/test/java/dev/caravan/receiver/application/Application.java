package dev.caravan.receiver.application;

import org.apache.camel.main.Main;

/** Starts whatever routes are in this package. */
public final class Application {
  private Application() {}

  /** As such programs are started. */
  public static void main(String[] arguments) throws Exception {
    new Main(Application.class).run(arguments);
  }
}
