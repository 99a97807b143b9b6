package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.hooks.HookAddress;
import dev.caravan.network.Callers;
import dev.caravan.takeover.HeldSocket;
import dev.caravan.takeover.NativeSockets;
import dev.caravan.takeover.PublicAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries that come by a Unix socket, from a proxy on the same machine. */
class UnixSocketTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void needLinux() {
    assumeTrue(NativeSockets.areHere(directory), "no native sockets here");
    file = directory.resolve("hook.sock");
  }

  @Test
  void deliveriesComeThroughAFileOfTheModeThatIsSet() throws IOException {
    try (HookServer server = server("640", Callers.ANYONE)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-r-----");

      assertThat(post("")).startsWith("HTTP/1.1 202");

      assertThat(server.ingress.accepted()).isEqualTo(1);
    }
    assertThat(file).as("after the stop").doesNotExist();
  }

  @Test
  void theCallerIsWhoTheProxyNames() throws IOException {
    Callers callers =
        Callers.from(
            new Settings(
                Map.of(
                    "caravan.allow", "192.0.2.0/24",
                    "caravan.github-meta", "https://api.github.com/meta")),
            directory.resolve("github-networks"));
    try (HookServer server = server("660", callers)) {
      assertThat(post("X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\n")).startsWith("HTTP/1.1 202");
      assertThat(post("X-Forwarded-For: 192.0.2.7, 203.0.113.9\r\n")).startsWith("HTTP/1.1 403");
      assertThat(post("")).startsWith("HTTP/1.1 403");
      assertThat(server.ingress.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aFileThatNobodyListensOnIsReplaced() throws IOException {
    ServerSocketChannel killed = listen(); // which takes no file away when it is closed
    killed.close();
    assertThat(file).exists();

    try (HookServer server = server("660", Callers.ANYONE)) {
      assertThat(post("")).startsWith("HTTP/1.1 202");
      assertThat(server.ingress.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aFileThatAnotherProgramListensOnIsNotReplaced() throws IOException {
    try (ServerSocketChannel other = listen()) {
      assertThatThrownBy(() -> server("660", Callers.ANYONE))
          .hasRootCauseMessage("another program listens there")
          .hasStackTraceContaining("cannot listen on unix:" + file);
      assertThat(other.isOpen()).isTrue();
    }
  }

  @Test
  void aFileWhoseListenerIsTooBusyToAnswerIsNotReplaced() throws IOException {
    try (ServerSocketChannel other =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(file), 1);
        SocketChannel first = SocketChannel.open(UnixDomainSocketAddress.of(file));
        SocketChannel second = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      assertThat(first.isConnected() && second.isConnected()).as("the queue is full").isTrue();

      assertThatThrownBy(() -> server("660", Callers.ANYONE))
          .hasStackTraceContaining("another program may listen there");

      assertThat(file).exists();
      assertThat(other.isOpen()).isTrue();
    }
  }

  @Test
  void aFileThatIsNoSocketIsNotReplaced() throws IOException {
    Files.writeString(file, "precious");

    assertThatThrownBy(() -> server("660", Callers.ANYONE))
        .hasStackTraceContaining("which is not a socket");

    assertThat(file).hasContent("precious");
  }

  @Test
  void anInvalidPathOrModeIsRefusedByItsKey() {
    assertThatThrownBy(() -> address("unix:hook.sock", "660"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("camel.server.host");
    assertThatThrownBy(() -> address("unix:/run/hook.sock", "rw"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("caravan.socket-mode");
  }

  @Test
  void sendSaysThatItNeedsTheProxysUrl() {
    Settings settings = new Settings(Map.of("camel.server.host", "unix:" + file));

    assertThatThrownBy(() -> HookAddress.configured(settings))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("--url");
  }

  private HookServer server(String mode, Callers callers) {
    Map<String, String> own = Map.of("camel.server.host", "unix:" + file);
    return new HookServer(own, callers, HeldSocket.at(address("unix:" + file, mode)));
  }

  private static PublicAddress address(String host, String mode) {
    Map<String, String> values = new HashMap<>();
    values.put("camel.server.host", host);
    values.put("camel.server.port", "0");
    values.put("caravan.socket-mode", mode);
    return PublicAddress.from(new Settings(values));
  }

  private ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(file));
  }

  /** Posts a signed delivery with these header lines more; returns the answer. */
  private String post(String lines) throws IOException {
    String body = "{\"zen\":\"Keep it logically awesome.\",\"hook_id\":1,\"hook\":{}}";
    String request =
        """
        POST /hooks/handle_github HTTP/1.1\r
        Host: localhost\r
        Connection: close\r
        Content-Type: application/json\r
        Content-Length: %d\r
        X-GitHub-Event: ping\r
        X-GitHub-Delivery: %s\r
        X-Hub-Signature-256: %s\r
        %s\r
        %s"""
            .formatted(
                body.length(),
                UUID.randomUUID(),
                Post.signature(body.getBytes(UTF_8)),
                lines,
                body);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }
}
