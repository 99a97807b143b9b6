package dev.caravan.takeover;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The program before this one, seen from here: hands over its socket once it has closed everything
 * else.
 */
public final class Predecessor implements AutoCloseable {
  /** In the data directory: whoever can reach it may open the log, too. */
  static final String FILE = "take-over";

  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final Duration NEXT_WORD = Duration.ofSeconds(5);
  private static final int NOBODY_YET = -1;
  private static final int BACKLOG = 16;

  private final Path file;
  private final Socket listening;
  private @Nullable HandOverLine line;
  private @Nullable HeldSocket given;
  private boolean isHeldBySystemd;
  private Duration watchdog = Duration.ZERO;

  private Predecessor(Path file, Socket listening) {
    this.file = file;
    this.listening = listening;
  }

  /**
   * Waits from now on for a program on the same data directory to call.
   *
   * @throws IOException when another program waits there, or the directory cannot be used
   */
  public static Predecessor expectedIn(Path data) throws IOException {
    Path file = data.resolve(FILE);
    return new Predecessor(
        file, UnixSockets.listen(file, PosixFilePermissions.fromString("rw-------"), BACKLOG));
  }

  /**
   * Waits until it has called.
   *
   * @throws IOException when it does not
   */
  public void awaitCall() throws IOException {
    byte[] peer = new byte[UnixSockets.LONGEST_NAME + 2];
    while (line == null) {
      int called =
          HandOverLine.await(
              () -> {
                int accepted = listening.accept(peer);
                return accepted == NOBODY_YET ? HandOverLine.NOTHING_YET : accepted;
              },
              LONGEST_CALL);
      if (called == HandOverLine.NOTHING_YET) {
        throw new IOException("it does not answer in " + file);
      }
      HandOverLine caller = new HandOverLine(new Socket(called));
      if (caller.hearsYes(LONGEST_CALL)) {
        line = caller;
      } else {
        caller.close(); // a third program, which checked whether anybody listens here
      }
    }
  }

  /**
   * Waits until it has closed everything but the socket.
   *
   * @return the socket; null when it has ended before it could give it
   */
  public @Nullable HeldSocket socket(PublicAddress address) throws IOException {
    int taken = line().take();
    if (taken <= 0) {
      return null;
    }
    isHeldBySystemd = line().hearsYes(NEXT_WORD);
    watchdog = Duration.ofMillis(line().number());
    given = HeldSocket.adopted(address, taken);
    return given;
  }

  /**
   * How long a service manager waits for a sign of life from that program, and will from this one;
   * zero when it waits for none, or before the socket was given.
   */
  public Duration watchdog() {
    return watchdog;
  }

  /** Tells it that this program has taken over. */
  public void release() throws IOException {
    if (given != null) {
      given.heldElsewhere(isHeldBySystemd);
    }
    line().say(HandOverLine.YES);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    Files.deleteIfExists(file);
    if (line != null) {
      line.close();
    }
  }

  private HandOverLine line() {
    if (line == null) {
      throw new IllegalStateException("It has not called");
    }
    return line;
  }
}
