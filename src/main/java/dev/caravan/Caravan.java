package dev.caravan;

import dev.caravan.cli.CaravanCommand;

/** The program: takes a command line and exits with its exit code. */
public final class Caravan {
  private Caravan() {}

  /** Runs the command that the arguments name; without any, prints the help. */
  public static void main(String[] args) throws ReflectiveOperationException {
    ClassLoader own = Caravan.class.getClassLoader();
    ClassLoader loader = Libraries.with(own);
    // Camel, JDBC and others look for what was added with this thread's loader.
    Thread.currentThread().setContextClassLoader(loader);
    System.exit(
        loader == own
            ? CaravanCommand.execute(args)
            : (int)
                Class.forName("dev.caravan.cli.CaravanCommand", true, loader)
                    .getMethod("execute", String[].class)
                    .invoke(null, (Object) args));
  }
}
