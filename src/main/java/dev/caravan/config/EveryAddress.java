package dev.caravan.config;

import java.util.Set;

/** The ways to write that a port listens on every address of the machine. */
public final class EveryAddress {
  private static final Set<String> WAYS = Set.of("", "0.0.0.0", "::", "[::]");

  private EveryAddress() {}

  /** Whether a host, as a setting has it, stands for every address. */
  public static boolean isMeantBy(String host) {
    return WAYS.contains(host);
  }
}
