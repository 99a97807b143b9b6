package dev.caravan.cli;

import dev.caravan.takeover.HeldSocket;
import dev.caravan.takeover.NativeSockets;
import dev.caravan.takeover.PublicAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the socket on which deliveries arrive. */
final class PublicSocket {
  private static final String NEEDS = "needs Linux on x86_64 or aarch64, and glibc.";

  private PublicSocket() {}

  /**
   * The socket that systemd has opened, or else one to open at that address.
   *
   * @return null on systems with only Java's own sockets, which cannot be handed over
   * @throws CommandFailedException with a sentence, when the socket cannot be used
   */
  static @Nullable HeldSocket choose(
      PublicAddress address, Path data, Map<String, String> environment) {
    boolean isNative = NativeSockets.areHere(data);
    try {
      HeldSocket given = isNative ? HeldSocket.fromSystemd(address, environment) : null;
      if (given != null) {
        return given;
      }
    } catch (IOException e) {
      throw new CommandFailedException(e.getMessage() + ".");
    }
    if (!isNative && address.file() != null) {
      throw new CommandFailedException("camel.server.host is " + address + ", which " + NEEDS);
    }
    return isNative ? HeldSocket.at(address) : null;
  }

  /**
   * Checks that another program's socket can be taken over.
   *
   * @throws CommandFailedException when it cannot
   */
  static void check(Path data) {
    if (!NativeSockets.areHere(data)) {
      throw new CommandFailedException("--take-over " + NEEDS);
    }
  }
}
