package dev.caravan.cli;

import java.net.URI;

/** No server runs at the address that a command asked. */
final class NothingListensException extends CommandFailedException {
  private static final long serialVersionUID = 1L;

  NothingListensException(URI server) {
    super("Nothing listens at " + server + ".");
  }
}
