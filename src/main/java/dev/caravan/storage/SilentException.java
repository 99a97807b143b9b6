package dev.caravan.storage;

import java.io.IOException;
import java.time.Duration;

/** A server keeps the connection open, but says nothing. */
final class SilentException extends IOException {
  private static final long serialVersionUID = 1L;

  SilentException(Duration since) {
    super("the server has not answered for %d s".formatted(since.toSeconds()));
  }
}
