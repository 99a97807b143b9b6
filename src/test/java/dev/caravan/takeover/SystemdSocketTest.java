package dev.caravan.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.Settings;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A socket that systemd has opened is taken when it listens where the settings say, and only then.
 */
class SystemdSocketTest {
  @TempDir private Path directory;
  private Socket socket;

  @BeforeEach
  void needLinux() {
    assumeTrue(NativeSockets.areHere(directory), "no native sockets here");
  }

  @AfterEach
  void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
  }

  @Test
  void aSocketAtAPortIsNotTakenForAFile() throws IOException {
    onPort("0.0.0.0");

    assertThatThrownBy(() -> taken("unix:" + directory.resolve("hook.sock"), 8000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("systemd listens on port")
        .hasMessageContaining("unix:" + directory.resolve("hook.sock"));
  }

  @Test
  void aSocketAtAnotherFileIsNotTaken() throws IOException {
    Path other = atFile("other.sock");

    assertThatThrownBy(() -> taken("unix:" + directory.resolve("hook.sock"), 8000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unix:" + other);
  }

  @Test
  void aSocketAtAFileIsNotTakenForAPort() throws IOException {
    Path file = atFile("hook.sock");

    assertThatThrownBy(() -> taken("0.0.0.0", 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("as unix:" + file);
  }

  @Test
  void aSocketOnEveryAddressIsNotTakenForOneAddress() throws IOException {
    int port = onPort("0.0.0.0");

    assertThatThrownBy(() -> taken("127.0.0.1", port))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("on the address")
        .hasMessageContaining("camel.server.host is 127.0.0.1");
  }

  @Test
  void aSocketThatMatchesTheSettingsIsTaken() throws IOException {
    int port = onPort("127.0.0.1");

    assertThat(taken("127.0.0.1", port).port()).isEqualTo(port);
    assertThat(taken("localhost", port).port()).isEqualTo(port);
    assertThat(taken("0.0.0.0", 0).port()).isEqualTo(port);
    close();
    Path file = atFile("hook.sock");
    assertThat(taken("unix:" + file, 8000).port()).isZero();
  }

  private HeldSocket taken(String host, int port) throws IOException {
    Settings settings =
        new Settings(
            Map.of(
                "camel.server.host",
                host,
                "camel.server.port",
                Integer.toString(port),
                "caravan.socket-mode",
                "660"));
    return HeldSocket.ofSystemd(PublicAddress.from(settings), socket.intValue());
  }

  private int onPort(String host) throws IOException {
    socket = Socket.newSocketStream();
    socket.bind(new InetSocketAddress(host, 0));
    socket.listen(1);
    return socket.localAddress().getPort();
  }

  private Path atFile(String name) throws IOException {
    Path file = directory.resolve(name);
    socket = Socket.newSocketDomain();
    socket.bind(new DomainSocketAddress(file.toString()));
    socket.listen(1);
    return file;
  }
}
