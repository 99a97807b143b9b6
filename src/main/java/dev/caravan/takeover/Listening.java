package dev.caravan.takeover;

import dev.caravan.config.EveryAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket listens that another program has opened.
 *
 * @param descriptor its number in this process
 */
record Listening(int descriptor) {
  private static final int SOL_SOCKET = 1;
  private static final int SO_DOMAIN = 39;
  private static final int AF_UNIX = 1;

  /**
   * Finds out whether it listens where the settings say. Callers on a file are trusted, and a named
   * address keeps others out, so neither may be mistaken for the other.
   *
   * @throws IOException with a sentence, when it is elsewhere
   */
  void check(PublicAddress wanted) throws IOException {
    Path file = wanted.file();
    if (isFile() || file != null) {
      checkFile(file);
      return;
    }
    InetSocketAddress local = local();
    if (wanted.port() != 0 && wanted.port() != local.getPort()) {
      throw new IOException(
          "systemd listens on port %d, and camel.server.port is %d. Let the socket unit and the setting say the same"
              .formatted(local.getPort(), wanted.port()));
    }
    if (!EveryAddress.isMeantBy(wanted.host())
        && !List.of(InetAddress.getAllByName(wanted.host())).contains(local.getAddress())) {
      throw new IOException(
          "systemd listens on the address %s, and camel.server.host is %s. Let the socket unit (ListenStream=) and the setting say the same"
              .formatted(local.getAddress().getHostAddress(), wanted.host()));
    }
  }

  /** The port; not for a file. */
  int port() {
    return local().getPort();
  }

  private void checkFile(@Nullable Path wanted) throws IOException {
    if (!isFile()) {
      throw new IOException(
          "systemd listens on port %d, and camel.server.host is unix:%s. Let the socket unit (ListenStream=) and the setting say the same"
              .formatted(port(), wanted));
    }
    DomainSocketAddress local = new Socket(descriptor).localDomainSocketAddress();
    String path = local == null ? "" : local.path();
    if (wanted == null || !Path.of(path).equals(wanted)) {
      throw new IOException(
          "systemd listens at the file %s. Write it into camel.server.host, as unix:%s"
              .formatted(path, path));
    }
  }

  private boolean isFile() throws IOException {
    return new Socket(descriptor).getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
  }

  private InetSocketAddress local() {
    InetSocketAddress local = new Socket(descriptor).localAddress();
    if (local == null) {
      throw new IllegalStateException("It listens nowhere");
    }
    return local;
  }
}
