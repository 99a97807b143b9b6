package dev.caravan.ingress.port;

import dev.caravan.network.ListeningPlace;
import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.IntSupplier;

/**
 * Finds out what would keep a port from working: the most common reasons not to start become one
 * sentence before anything starts, instead of the end of a long trace.
 */
public final class PortCheck {
  private static final int CONNECT_MILLIS = 5_000;

  private final IngressSettings settings;
  private final ListeningPlace place;
  private final IntSupplier port;

  /**
   * @param port gives the port, once it is open
   */
  public PortCheck(IngressSettings settings, ListeningPlace place, IntSupplier port) {
    this.settings = settings;
    this.place = place;
    this.port = port;
  }

  /**
   * Checks the certificate, if there should be TLS.
   *
   * @throws IllegalStateException with a sentence for the user when it does not
   */
  public void certificate() {
    TlsFiles tls = settings.tls();
    if (tls != null) {
      Tls.check(tls);
    }
  }

  /**
   * Checks that the address is free.
   *
   * @throws CannotListenException when it is not
   */
  public void address() {
    try {
      place.check();
    } catch (IOException e) {
      throw CannotListenException.of(settings, e);
    }
  }

  /**
   * Checks that the port can be connected to now.
   *
   * @throws CannotListenException when nobody answers there
   */
  public void connection() {
    int open = port.getAsInt();
    if (open <= 0) {
      return; // a Unix socket, where no other program answers
    }
    InetAddress host = new InetSocketAddress(settings.host(), 0).getAddress();
    try (Socket probe = new Socket()) {
      probe.connect(
          new InetSocketAddress(
              host == null || host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host,
              open),
          CONNECT_MILLIS);
    } catch (IOException e) {
      throw CannotListenException.of(settings, e);
    }
  }
}
