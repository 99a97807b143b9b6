package dev.caravan.log.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log's file beside SQLite. Once open it stays so until SQLite has closed the file: when
 * a process closes any of its descriptors of a file, the system lets go of all locks that it has on
 * that file, SQLite's too.
 */
final class HeldFile implements AutoCloseable {
  private final Path file;
  private @Nullable FileChannel channel;

  HeldFile(Path file) {
    this.file = file;
  }

  /** Fills the buffer from there on, as far as the file goes. */
  synchronized void read(ByteBuffer into, long at) throws IOException {
    FileChannel from = channel();
    long next = at;
    while (into.hasRemaining()) {
      int read = from.read(into, next);
      if (read < 0) {
        return;
      }
      next += read;
    }
  }

  synchronized long size() throws IOException {
    return channel().size();
  }

  /** When SQLite has no connection any more. */
  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(file, StandardOpenOption.READ);
      channel = open;
    }
    return open;
  }
}
