package dev.caravan.takeover;

import io.netty.channel.epoll.Epoll;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Linux's own sockets, through a small native library: Java's can be neither inherited nor sent.
 */
public final class NativeSockets {
  private static final String UNPACKED_INTO = "io.netty.native.workdir";

  private NativeSockets() {}

  /**
   * Whether there are any here.
   *
   * @param directory that the library is unpacked into for a moment, when it exists; the system's
   *     temporary one may be read-only
   */
  public static boolean areHere(Path directory) {
    if (System.getProperty(UNPACKED_INTO) == null && Files.isDirectory(directory)) {
      System.setProperty(UNPACKED_INTO, directory.toString());
    }
    return Epoll.isAvailable();
  }
}
