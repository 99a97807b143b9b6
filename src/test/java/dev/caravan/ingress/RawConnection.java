package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client that writes to its socket what it likes, and when it likes. */
final class RawConnection implements AutoCloseable {
  private final Socket socket;

  RawConnection(HookServer server) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      socket.setSoTimeout(20_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The head of a JSON post, up to and with the empty line. */
  static String head(String... headers) {
    return "POST /hooks/handle_github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  RawConnection send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  RawConnection send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a byte; false when the connection is gone. */
  boolean trickle(int letter) {
    try {
      socket.getOutputStream().write(letter);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Everything until the server closes the connection. */
  String readToEnd() {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes until that text has come. */
  String readUntil(String end) {
    try {
      InputStream in = socket.getInputStream();
      StringBuilder text = new StringBuilder();
      while (text.indexOf(end) < 0) {
        int letter = in.read();
        if (letter < 0) {
          throw new AssertionError("The connection was closed after: " + text);
        }
        text.append((char) letter);
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
