package dev.caravan.takeover;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * The line between two programs on one machine: the socket goes one way, words go both ways. Each
 * side notices at once when the line ends, whatever the reason.
 */
final class HandOverLine implements AutoCloseable {
  static final int NOTHING_YET = 0;
  static final byte YES = 1;
  static final byte NO = 2;

  /** The program that makes way says itself how long its routes may take. */
  private static final Duration LONGEST_WAY = Duration.ofDays(1);

  private static final int LOOK_EVERY_MILLIS = 5;

  private final Socket line;

  HandOverLine(Socket line) {
    this.line = line;
  }

  void give(int descriptor) throws IOException {
    if (line.sendFd(descriptor) < 0) {
      throw new IOException("the other program does not take the socket");
    }
  }

  /** Waits for a socket; negative when the other program has ended without giving one. */
  int take() throws IOException {
    return await(line::recvFd, LONGEST_WAY);
  }

  /** Says {@link #YES} or {@link #NO} to the other side. */
  void say(byte word) throws IOException {
    line.write(ByteBuffer.allocateDirect(1).put(0, word), 0, 1);
  }

  /** Says one of the two words and a number, in one piece. */
  void say(byte word, long number) throws IOException {
    ByteBuffer said = ByteBuffer.allocateDirect(1 + Long.BYTES).put(0, word).putLong(1, number);
    line.write(said, 0, said.capacity());
  }

  /**
   * The number that was said with the word heard last; 0 when there was none, as from the versions
   * before.
   */
  long number() throws IOException {
    ByteBuffer number = ByteBuffer.allocateDirect(Long.BYTES);
    return line.read(number, 0, Long.BYTES) == Long.BYTES ? number.getLong(0) : 0;
  }

  /** Waits for {@link #YES}; false for anything else, when the other ends, and after that time. */
  boolean hearsYes(Duration atMost) throws IOException {
    ByteBuffer word = ByteBuffer.allocateDirect(1);
    return await(() -> line.read(word, 0, 1), atMost) > 0 && word.get(0) == YES;
  }

  @Override
  public void close() throws IOException {
    line.close();
  }

  /**
   * Asks until there is something, or {@link #NOTHING_YET} after that time. A few times a second
   * would do, but deliveries wait for it.
   */
  static int await(Callable<Integer> question, Duration atMost) throws IOException {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      int answer = question.call();
      while (answer == NOTHING_YET && System.nanoTime() - end < 0) {
        Thread.sleep(LOOK_EVERY_MILLIS);
        answer = question.call();
      }
      return answer;
    } catch (IOException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
