package dev.caravan.takeover;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;

/**
 * Between two programs on one machine: the socket goes one way, a word the other. Its end, too, is
 * known at once at the other side, whatever the reason.
 */
final class HandOverLine implements AutoCloseable {
  private static final int NOTHING_YET = 0;
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
    return await(line::recvFd);
  }

  /** Tells the other side that all is well. */
  void say() throws IOException {
    line.write(ByteBuffer.allocateDirect(1), 0, 1);
  }

  /** Waits for that; false when the other program has ended without it. */
  boolean hears() throws IOException {
    ByteBuffer word = ByteBuffer.allocateDirect(1);
    return await(() -> line.read(word, 0, 1)) > 0;
  }

  @Override
  public void close() throws IOException {
    line.close();
  }

  /** Asks until there is something; a few times a second would do, but deliveries wait for it. */
  static int await(Callable<Integer> question) throws IOException {
    try {
      int answer = question.call();
      while (answer == NOTHING_YET) {
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
