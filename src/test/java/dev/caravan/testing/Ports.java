package dev.caravan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;

/** The ports that tests listen at and ask. */
public final class Ports {
  private Ports() {}

  /** One at which nobody listens, at any address of this machine. */
  public static int free() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one in an address, such as a server says of where it is managed. */
  public static int of(String url) {
    return URI.create(url).getPort();
  }
}
