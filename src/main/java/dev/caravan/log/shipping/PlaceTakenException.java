package dev.caravan.log.shipping;

import java.io.IOException;

/** Another program ships its log to that place. */
final class PlaceTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  PlaceTakenException(String message) {
    super(message);
  }
}
