package dev.caravan.takeover;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Sockets whose address is a file. */
final class UnixSockets {
  /** Of Linux, in bytes. */
  static final int LONGEST_NAME = 107;

  private UnixSockets() {}

  /**
   * Listens there. A file that nobody listens on any more is removed.
   *
   * @throws BindException when there is another file, or somebody listens
   */
  static Socket listen(Path file, Set<PosixFilePermission> mode, int backlog) throws IOException {
    DomainSocketAddress address = address(file);
    removeStale(file);
    Socket socket = Socket.newSocketDomain();
    try {
      socket.bind(address);
      Files.setPosixFilePermissions(file, mode); // before anybody can connect
      socket.listen(backlog);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects to the program that listens there. */
  static Socket connect(Path file) throws IOException {
    Socket socket = Socket.newSocketDomain();
    try {
      if (socket.connect(address(file))) {
        return socket;
      }
      throw new IOException("nobody answers at " + file);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static DomainSocketAddress address(Path file) throws IOException {
    if (file.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new BindException(
          "the name of the socket is longer than the %d bytes that the system takes"
              .formatted(LONGEST_NAME));
    }
    return new DomainSocketAddress(file.toString());
  }

  private static void removeStale(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new BindException("there is a file of that name, which is not a socket");
    }
    if (hasListener(file)) {
      throw new BindException("another program listens there");
    }
    Files.delete(file);
  }

  /**
   * Only a refusal means that nobody listens: a busy program, or one that we cannot reach, does
   * listen.
   */
  private static boolean hasListener(Path file) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      var unused = probe.connect(UnixDomainSocketAddress.of(file));
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (SocketException e) { // the listener's queue is full, say
      throw new BindException("another program may listen there: " + e.getMessage());
    }
  }
}
