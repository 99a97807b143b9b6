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
 * Finds out what would keep a port from working, so that the most common reasons not to start are
 * one sentence before anything is started, and not the end of a long trace.
 */
public final class PortCheck {
  private static final int CONNECT_MILLIS = 5_000;

  private final IngressSettings settings;
  private final ListeningPlace place;
  private final IntSupplier port;

  /**
   * @param port the port that is listened on, once it is
   */
  public PortCheck(IngressSettings settings, ListeningPlace place, IntSupplier port) {
    this.settings = settings;
    this.place = place;
    this.port = port;
  }

  /**
   * Whether the certificate works, if there should be TLS.
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
   * Whether the address is free.
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
   * Whether the port can be connected to now.
   *
   * @throws CannotListenException when nobody answers there
   */
  public void connection() {
    int open = port.getAsInt();
    if (open <= 0) {
      return; // a Unix socket, which nobody else answers at
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
