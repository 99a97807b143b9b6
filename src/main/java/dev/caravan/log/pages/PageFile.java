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
 * the end would keep other writers to the disk waiting, including the log.
 */
public final class PageFile implements PageSink, AutoCloseable {
  private static final int PAGES_PER_FLUSH = 2048;

  private final FileChannel channel;
  private int unflushed;
  private long written;

  /**
   * Begins one, for its owner only, in place of one that was begun before.
   *
   * @param file which nobody else writes to
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

  /** How many bytes were written into it, those of a page each time. */
  public long written() {
    return written;
  }

  /** It has this many pages, and is flushed. */
  public void finish(int pages) throws IOException {
    channel.truncate(pages * (long) BYTES);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
