package dev.caravan.log.pages;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that is put together from pages. It is flushed every few megabytes: flushing everything at
 * the end would keep other writers waiting for the disk, the log among them.
 */
public final class PageFile implements PageSink, AutoCloseable {
  private static final int PAGES_PER_FLUSH = 2048;

  private final FileChannel channel;
  private int unflushed;
  private long written;

  /**
   * Begins a file that only its owner can read, and deletes an earlier one.
   *
   * @param file nobody else may write to it
   */
  public PageFile(Path file) throws IOException {
    Files.deleteIfExists(file);
    channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.file(file));
  }

  @Override
  public void page(int number, ByteBuffer content) throws IOException {
    long at = (number - 1L) * BYTES;
    while (content.hasRemaining()) {
      at += channel.write(content, at);
    }
    written += BYTES;
    if (++unflushed == PAGES_PER_FLUSH) {
      channel.force(false);
      unflushed = 0;
    }
  }

  /** How many bytes were written; a page that came twice counts twice. */
  public long written() {
    return written;
  }

  /** Cuts the file to this many pages, and flushes it. */
  public void finish(int pages) throws IOException {
    channel.truncate(pages * (long) BYTES);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
