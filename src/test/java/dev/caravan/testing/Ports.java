package dev.caravan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** The ports that tests listen at and ask. */
public final class Ports {
  /** Below those that the system hands out, or a connection of another test could get one first. */
  private static final int FIRST = 10_000;

  private static final int HOW_MANY = 20_000;

  /** Begins elsewhere in each process that tests at the same time. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 997 % HOW_MANY));

  private Ports() {}

  /** One at which nobody listens, at any address of this machine. */
  public static int free() {
    for (int tried = 0; tried < HOW_MANY; tried++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), HOW_MANY);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // another program's; the next may be free
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("There is no free port.");
  }

  /** The one in an address, such as a server says of where it is managed. */
  public static int of(String url) {
    return URI.create(url).getPort();
  }
}
