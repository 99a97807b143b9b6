package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends so many deliveries a second, each over a connection of its own, whatever is answered. */
final class Burst implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);
  private static final String START = "HTTP/1.1 ";

  private final URI hook;
  private final Selector selector = Selector.open();
  private final List<Answer> answers = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(1024);

  Burst(URI hook) throws IOException {
    this.hook = hook;
  }

  /** What came of a delivery; -1 for a connection that was closed without a word. */
  record Answer(SignedPush push, int status, Duration after) {}

  private record Sent(SignedPush push, long at) {}

  /** Sends for that long at that rate; returns when all is answered. */
  List<Answer> send(int perSecond, Duration time) throws IOException {
    int count = (int) (perSecond * time.toSeconds());
    long began = System.nanoTime();
    for (int number = 0; number < count; number++) {
      long due = began + number * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        read(Math.max(1, (due - System.nanoTime()) / 1_000_000));
      }
      send(SignedPush.of(number, 1, "x".repeat(5000)));
    }
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (answers.size() < count && System.nanoTime() < end) {
      read(100);
    }
    return answers;
  }

  private void send(SignedPush push) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(hook.getHost(), hook.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.write(
        new ByteBuffer[] {ByteBuffer.wrap(push.head(hook)), ByteBuffer.wrap(push.body())});
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Sent(push, System.nanoTime()));
  }

  private void read(long millis) throws IOException {
    selector.select(this::answered, millis);
  }

  private void answered(SelectionKey key) {
    Sent sent = (Sent) key.attachment();
    Duration after = Duration.ofNanos(System.nanoTime() - sent.at());
    try (SocketChannel channel = (SocketChannel) key.channel()) {
      int length = channel.read(buffer.clear());
      String answer = new String(buffer.array(), 0, Math.max(0, length), ISO_8859_1);
      int status =
          answer.startsWith(START)
              ? Integer.parseInt(answer.substring(START.length(), START.length() + 3))
              : -1;
      answers.add(new Answer(sent.push(), status, after));
    } catch (IOException e) {
      answers.add(new Answer(sent.push(), -1, after));
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
