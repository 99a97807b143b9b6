package dev.caravan.log.pages;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest content of changed pages, in a file: memory holds only their numbers. There is no file
 * before the first page. For one thread at a time.
 */
public final class ChangedPages implements PageSink, AutoCloseable {
  private final Path file;
  private final Map<Integer, Integer> slots = new TreeMap<>();
  private @Nullable FileChannel opened;

  /** Deletes the file if a killed process left one. */
  public ChangedPages(Path file) throws IOException {
    this.file = file;
    Files.deleteIfExists(file);
  }

  private FileChannel channel() throws IOException {
    FileChannel channel = opened;
    if (channel == null) {
      channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DELETE_ON_CLOSE),
              OwnerOnly.file(file));
      opened = channel;
    }
    return channel;
  }

  @Override
  public void page(int number, ByteBuffer content) throws IOException {
    Integer slot = slots.get(number);
    if (slot == null) {
      slot = slots.size();
      slots.put(number, slot);
    }
    long at = slot * (long) BYTES;
    while (content.hasRemaining()) {
      at += channel().write(content, at);
    }
  }

  /** How many pages there are. */
  public int size() {
    return slots.size();
  }

  /** Gives each page to the sink, in order of their numbers. */
  public void each(PageSink sink) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(BYTES);
    for (Map.Entry<Integer, Integer> slot : slots.entrySet()) {
      page.clear();
      long at = slot.getValue() * (long) BYTES;
      while (page.hasRemaining()) {
        int read = channel().read(page, at + page.position());
        if (read < 0) {
          throw new IOException("the file of changed pages is too short");
        }
      }
      sink.page(slot.getKey(), page.flip());
    }
  }

  /** Forgets all pages. */
  public void clear() throws IOException {
    slots.clear();
    if (opened != null) {
      opened.truncate(0);
    }
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }
}
