package dev.caravan.log.sqlite.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log's file beside SQLite. Once open it stays open until SQLite has closed the file:
 * when a process closes any of its descriptors of a file, the system releases all locks that the
 * process has on that file, including SQLite's. It is therefore not read through a channel, which
 * an interrupt would close.
 */
public final class HeldFile implements AutoCloseable {
  private final Path file;
  private @Nullable RandomAccessFile open;

  public HeldFile(Path file) {
    this.file = file;
  }

  /** Fills a buffer that has an array from this offset of the file on, as far as the file goes. */
  synchronized void read(ByteBuffer into, long at) throws IOException {
    RandomAccessFile from = open();
    from.seek(at);
    while (into.hasRemaining()) {
      int read = from.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
      if (read < 0) {
        return;
      }
      into.position(into.position() + read);
    }
  }

  synchronized long size() throws IOException {
    return open().length();
  }

  /** How many pages it has. */
  int pages() throws IOException {
    return (int) (size() / Database.PAGE_BYTES);
  }

  /** Closes the file. SQLite must have no connection any more. */
  @Override
  public synchronized void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }

  private RandomAccessFile open() throws IOException {
    RandomAccessFile opened = open;
    if (opened == null) {
      opened = new RandomAccessFile(file.toFile(), "r");
      open = opened;
    }
    return opened;
  }
}
