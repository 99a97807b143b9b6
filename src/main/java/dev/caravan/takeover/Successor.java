package dev.caravan.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The program after this one, seen from here: waits for the socket, and says when it has taken
 * over.
 */
public final class Successor implements AutoCloseable {
  /** A program that hangs, with every client waiting, is no better than one that has ended. */
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final HandOverLine line;

  private Successor(HandOverLine line) {
    this.line = line;
  }

  /**
   * Calls the one that waits in that directory.
   *
   * @throws IOException when none does
   */
  public static Successor waitingIn(Path data) throws IOException {
    HandOverLine line = new HandOverLine(UnixSockets.connect(data.resolve(Predecessor.FILE)));
    line.say(HandOverLine.YES); // so that somebody who only looks is not mistaken for a call
    return new Successor(line);
  }

  /**
   * Gives it the socket; returns whether it has taken over, rather than ended or hung.
   *
   * @param watchdog how long a service manager waits for a sign of life from this program, and will
   *     from that one; zero when it waits for none
   */
  public boolean goesOnWith(HeldSocket socket, Duration watchdog) {
    try {
      line.give(socket.descriptor());
      line.say(socket.isHeldElsewhere() ? HandOverLine.YES : HandOverLine.NO, watchdog.toMillis());
      return line.hearsYes(LONGEST_START);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
