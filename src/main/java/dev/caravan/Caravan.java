package dev.caravan;

import dev.caravan.cli.CaravanCommand;

/** The program: takes a command line and exits with its exit code. */
public final class Caravan {
  private Caravan() {}

  /** Runs the command that the arguments name; without any, shows what there is. */
  public static void main(String[] args) {
    Thread main = Thread.currentThread();
    // Camel, JDBC and the rest look for what can be added by this thread's loader.
    main.setContextClassLoader(Libraries.over(main.getContextClassLoader()));
    System.exit(CaravanCommand.execute(args));
  }
}
