package dev.caravan.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.webhook.CapturedLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port is for this machine, and still holds against what is thrown at it. */
class HostileManagementTest {
  private static final String HEALTH = "GET /observe/health HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private static Path data;
  private static RunningManagement server;
  private static CapturedLog lines;

  @BeforeAll
  static void start() {
    lines = new CapturedLog("");
    server = new RunningManagement(data, Duration.ofSeconds(1));
  }

  @AfterAll
  static void stop() {
    server.close();
    lines.close();
  }

  @AfterEach
  void itIsStillThere() throws IOException {
    assertThat(exchange(HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")))
        .startsWith("HTTP/1.1 200 ");
    assertThat(lines.lines()).noneMatch(line -> line.startsWith("ERROR") || line.contains("\n"));
  }

  @Test
  void aClientThatStopsReadingABodyIsCutOffAndOthersGetTheirs() throws IOException {
    server.append("large", new byte[20 << 20]);
    byte[] request =
        ("GET /api/deliveries/large/body HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer "
                + RunningManagement.TOKEN
                + "\r\n\r\n")
            .getBytes(ISO_8859_1);
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), server.port());
        Socket second = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (Socket held : List.of(first, second)) {
        held.getOutputStream().write(request);
        assertThat(held.getInputStream().read()).isEqualTo('H'); // it has begun
      }
      String asked = new String(request, ISO_8859_1);
      await().until(() -> exchange(asked).startsWith("HTTP/1.1 200 "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n\0\0\0",
        "nonsense\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
        "BREW /observe/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://[::bad HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%zz%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /observe/../api?%zz=%&;=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/proof?nonce=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: :::::\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: \r\n\r\n",
        "GET /api HTTP/1.1\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: localhost\r\nX\0: a\r\n\r\n",
        "POST /api/replays HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/replays HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /api/replays HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n",
      })
  void whatIsNoRequestIsRefused(String request) throws IOException {
    assertRefused(exchange(request.replace("\r\nHost:", "\r\nConnection: close\r\nHost:")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/deliveries?text=%zz",
        "GET /api/deliveries?%ff=%",
        "GET /api/deliveries/%00%0d%0a",
        "GET /api/deliveries/%ff/body",
        "GET /api/replays/99999999999999999999",
        "POST /api/replays/x/cancel",
      })
  void whatCannotBeReadIsRefusedEvenFromWhoHasTheToken(String line) throws IOException {
    assertRefused(
        exchange(
            line
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + RunningManagement.TOKEN
                + "\r\n\r\n"));
  }

  @Test
  void linesAndHeadersWithoutAnEndAreRefused() throws IOException {
    assertRefused(exchange("GET /" + "a".repeat(1 << 20)));
    assertRefused(exchange("GET / HTTP/1.1\r\nA: " + "a".repeat(1 << 20)));
    assertRefused(exchange("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(100_000)));
  }

  @Test
  void anUpgradeToHttp2IsNotOfferedSinceItWouldHideASecondHost() throws IOException {
    String answer =
        exchange(
            """
            GET /api HTTP/1.1
            Host: localhost
            Host: elsewhere
            Authorization: Bearer %s
            Connection: Upgrade, HTTP2-Settings
            Upgrade: h2c
            HTTP2-Settings: AAMAAABkAAQAAP__

            """
                .formatted(RunningManagement.TOKEN)
                .replace("\n", "\r\n"));

    assertThat(answer).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void connectionsThatSayNoMoreAreEndedHoweverMany() throws IOException {
    List<String> beginnings =
        List.of(
            "",
            "G",
            "GET /api HTTP/1.1\r\nHost: local",
            "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n",
            HEALTH);
    List<Socket> quiet = new ArrayList<>();
    try {
      for (int number = 0; number < 200; number++) {
        Socket socket = connect();
        quiet.add(socket);
        String said = beginnings.get(number % beginnings.size());
        socket.getOutputStream().write(said.getBytes(ISO_8859_1));
      }
      for (Socket socket : quiet) {
        assertThat(readToEnd(socket)).doesNotContain(" 500 ");
      }
    } finally {
      for (Socket socket : quiet) {
        socket.close();
      }
    }
  }

  private static void assertRefused(String answer) {
    if (!answer.isEmpty()) {
      assertThat(answer).matches("(?s)HTTP/1.[01] 4\\d\\d .*").doesNotContain("Exception", "\tat ");
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      } catch (IOException e) {
        // it has heard enough
      }
      return readToEnd(socket);
    }
  }

  private static String readToEnd(Socket socket) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(answer);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("The connection is not ended, after: " + answer, e);
    } catch (IOException e) {
      // ended by a reset
    }
    return answer.toString(ISO_8859_1);
  }
}
