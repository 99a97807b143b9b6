package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that writes to its socket what it likes, and when it likes. */
final class RawConnection implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");

  private final Socket socket;
  private final InputStream input;

  RawConnection(HookServer server) {
    this(server, 0);
  }

  /**
   * @param unread how many bytes the system may keep that were not read here; 0 for the usual
   */
  RawConnection(HookServer server, int unread) {
    this(server, unread, "127.0.0.1");
  }

  /** One that comes from that address, which is one of the loopback's. */
  static RawConnection from(String source, HookServer server) {
    return new RawConnection(server, 0, source);
  }

  private RawConnection(HookServer server, int unread, String source) {
    try {
      socket = new Socket();
      socket.bind(new InetSocketAddress(source, 0));
      if (unread > 0) {
        socket.setReceiveBufferSize(unread);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      socket.setSoTimeout(20_000);
      input = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The head of a JSON post, up to and with the empty line, and with a signature that is wrong
   * unless one of the headers is one.
   */
  static String head(String... headers) {
    if (String.join("", headers).contains("X-Hub-Signature")) {
      return plainHead(headers);
    }
    return plainHead("X-Hub-Signature-256: sha256=" + "0".repeat(64), String.join("\r\n", headers));
  }

  /** A whole request: a push, signed. */
  static String push(Post post, String body) {
    return head(
            "X-GitHub-Event: push",
            "X-GitHub-Delivery: " + post.guid,
            "X-Hub-Signature-256: " + Post.signature(body.getBytes(UTF_8)),
            "Content-Length: " + body.length())
        + body;
  }

  /** The same without a signature. */
  static String plainHead(String... headers) {
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

  /** Sends it, or returns false when the connection is gone. */
  boolean trySend(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return true;
    } catch (IOException e) {
      return false;
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

  /** Whether the server has closed the connection, or does within a few seconds. */
  boolean isEnded() {
    try {
      return input.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // by a reset
    }
  }

  /** Everything until the server closes the connection. */
  String readToEnd() {
    try {
      return new String(input.readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends all of it, as far as the server lets it, and returns what the server said until it ended
   * the connection, in whatever way. A server that does neither in time fails the test.
   */
  String exchange(byte[] request) {
    try {
      socket.getOutputStream().write(request);
    } catch (IOException e) {
      // the server has heard enough
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      input.transferTo(answer);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("The connection hangs, after: " + answer.toString(ISO_8859_1), e);
    } catch (IOException e) {
      // ended by a reset
    }
    return answer.toString(ISO_8859_1);
  }

  /** Sends one request, and reads its answer, whose length must be said, from head to end. */
  String ask(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    StringBuilder answer = new StringBuilder(readUntil("\r\n\r\n"));
    Matcher length = LENGTH.matcher(answer);
    byte[] body = input.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return answer.append(new String(body, ISO_8859_1)).toString();
  }

  /** Says that nothing more will come. */
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection with a reset. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes until that text has come. */
  String readUntil(String end) {
    try {
      StringBuilder text = new StringBuilder();
      while (text.indexOf(end) < 0) {
        int letter = input.read();
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
