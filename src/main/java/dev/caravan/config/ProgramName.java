package dev.caravan.config;

import org.jspecify.annotations.Nullable;

/**
 * How a user calls this program, for sentences that say what to run: {@code caravan} where it is
 * installed, as its start script says, and {@code ./caravan} where it was built.
 */
public final class ProgramName {
  private static final @Nullable String INSTALLED = System.getProperty("caravan.command");

  private ProgramName() {}

  /** Whether the start script of an installation has started it. */
  public static boolean isInstalled() {
    return INSTALLED != null;
  }

  /** The command line with these arguments. */
  public static String with(String arguments) {
    return (INSTALLED == null ? "./caravan" : INSTALLED) + " " + arguments;
  }
}
