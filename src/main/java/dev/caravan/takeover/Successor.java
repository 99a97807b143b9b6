package dev.caravan.takeover;

import java.io.IOException;
import java.nio.file.Path;

/** The program after this one, seen from here: waits for the socket, and says when it goes on. */
public final class Successor implements AutoCloseable {
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
    return new Successor(new HandOverLine(UnixSockets.connect(data.resolve(Predecessor.FILE))));
  }

  /** Gives it the socket; returns whether it goes on, or else has ended. */
  public boolean goesOnWith(HeldSocket socket) {
    try {
      line.give(socket.descriptor());
      return line.hears();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
