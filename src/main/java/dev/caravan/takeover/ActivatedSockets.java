package dev.caravan.takeover;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The sockets that systemd has opened for this process before it started it (sd_listen_fds).
 *
 * @param count how many; they are numbered from 3 on
 */
record ActivatedSockets(int count) {
  private static final int FIRST = 3;

  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;

  /** The sockets that this environment names, if they are for this process. */
  static ActivatedSockets of(Map<String, String> environment) {
    String process = environment.getOrDefault("LISTEN_PID", "");
    String count = environment.getOrDefault("LISTEN_FDS", "");
    boolean isOurs = process.equals(Long.toString(ProcessHandle.current().pid()));
    return new ActivatedSockets(isOurs && count.matches("\\d{1,4}") ? Integer.parseInt(count) : 0);
  }

  /**
   * The only one that may be there.
   *
   * @throws IOException when there are several
   */
  int only() throws IOException {
    if (count != 1) {
      throw new IOException(
          "systemd has opened %d sockets; one is needed. Leave one ListenStream= in the socket unit."
              .formatted(count));
    }
    doNotBlock(FIRST);
    return FIRST;
  }

  /**
   * systemd's sockets let a call wait, unless it is told otherwise (NonBlocking=): a thread that
   * accepts from one until it is empty would wait for the next connection. With a limit it
   * continues.
   */
  private static void doNotBlock(int descriptor) throws IOException {
    ByteBuffer limit = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    limit.putLong(0, 0).putLong(Long.BYTES, 1); // seconds, microseconds
    new Socket(descriptor).setRawOpt(SOL_SOCKET, SO_RCVTIMEO, limit);
  }
}
