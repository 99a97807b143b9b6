package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many connections held by one thread, which writes to all of them before it reads answers. */
final class Crowd implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI hook;
  private final List<Socket> sockets = new ArrayList<>();

  Crowd(URI hook, int connections) {
    this.hook = hook;
    try {
      for (int connection = 0; connection < connections; connection++) {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        socket.connect(new InetSocketAddress(hook.getHost(), hook.getPort()));
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  /** Sends one delivery over each connection at once; returns how often which status came. */
  Map<Integer, Integer> sendOneEach(int round, String text) {
    for (int lane = 0; lane < sockets.size(); lane++) {
      SignedPush push = SignedPush.of(lane, round, text);
      write(sockets.get(lane), push.head(hook));
      write(sockets.get(lane), push.body());
    }
    return answers();
  }

  /** Announces a delivery over each connection, and sends nothing of its body yet. */
  void announce(SignedPush push) {
    sockets.forEach(socket -> write(socket, push.head(hook)));
  }

  /** Sends one more byte over each connection that still takes it. */
  void trickle() {
    sockets.forEach(
        socket -> {
          try {
            socket.getOutputStream().write(' ');
          } catch (IOException e) {
            // ended: this is what it is about
          }
        });
  }

  /** How often which status came in the end; -1 for none, or not within half a minute for all. */
  Map<Integer, Integer> answers() {
    Map<Integer, Integer> answers = new TreeMap<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    sockets.forEach(socket -> answers.merge(status(socket, end), 1, Integer::sum));
    return answers;
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one answer, which is short and comes in one piece. */
  private static int status(Socket socket, long end) {
    try {
      socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
      byte[] answer = new byte[LONGEST_ANSWER];
      int length = socket.getInputStream().read(answer);
      return length < "HTTP/1.1 200".length()
          ? -1
          : Integer.parseInt(new String(answer, 9, 3, ISO_8859_1));
    } catch (IOException e) {
      return -1;
    }
  }
}
