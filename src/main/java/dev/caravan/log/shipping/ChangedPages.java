package dev.caravan.log.shipping;

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

/**
 * The newest content of pages that have changed, in a file: memory holds their numbers only. For
 * one thread at a time.
 */
final class ChangedPages implements PageSink, AutoCloseable {
  private final FileChannel channel;
  private final Map<Integer, Integer> slots = new TreeMap<>();

  ChangedPages(Path file) throws IOException {
    Files.deleteIfExists(file);
    channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE),
            OwnerOnly.file(file));
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
      at += channel.write(content, at);
    }
  }

  /** How many pages there are. */
  int size() {
    return slots.size();
  }

  /** Gives each, in order of the numbers. */
  void each(PageSink sink) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(BYTES);
    for (Map.Entry<Integer, Integer> slot : slots.entrySet()) {
      page.clear();
      long at = slot.getValue() * (long) BYTES;
      while (page.hasRemaining()) {
        int read = channel.read(page, at + page.position());
        if (read < 0) {
          throw new IOException("the file of changed pages is too short");
        }
      }
      sink.page(slot.getKey(), page.flip());
    }
  }

  void clear() throws IOException {
    slots.clear();
    channel.truncate(0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
