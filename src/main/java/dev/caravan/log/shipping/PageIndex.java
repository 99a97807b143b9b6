package dev.caravan.log.shipping;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The hash of each page as it was shipped, and the last segment: a file that is written after a
 * segment has arrived, and never flushed. What it lacks after a crash is shipped again.
 */
final class PageIndex implements AutoCloseable {
  private static final int SHIPPED_AT = 0;
  private static final int UNDER_WAY_AT = 8;
  private static final int HEADER = 64;
  private static final long FIRST_FACTOR = 0x9E3779B97F4A7C15L;
  private static final long SECOND_FACTOR = 0xC2B2AE3D27D4EB4FL;
  private static final int ROTATION = 31;
  private static final int SHIFT = 29;

  private final FileChannel channel;
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  PageIndex(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            OwnerOnly.file(file));
  }

  /** The hash of a page; never 0, which means that it was not shipped. */
  static long hash(ByteBuffer page) {
    long hash = FIRST_FACTOR;
    for (int at = page.position(); at < page.limit(); at += Long.BYTES) {
      hash = Long.rotateLeft(hash ^ (page.getLong(at) * SECOND_FACTOR), ROTATION) * FIRST_FACTOR;
    }
    hash ^= hash >>> SHIFT;
    hash *= SECOND_FACTOR;
    hash ^= hash >>> SHIFT;
    return hash == 0 ? 1 : hash;
  }

  long of(int page) throws IOException {
    return read(at(page));
  }

  void put(int page, long hash) throws IOException {
    write(at(page), hash);
  }

  /** The segment that arrived last. */
  long shipped() throws IOException {
    return read(SHIPPED_AT);
  }

  /** The segment that was sent last, and may have arrived. */
  long underWay() throws IOException {
    return read(UNDER_WAY_AT);
  }

  void shipped(long segment) throws IOException {
    write(SHIPPED_AT, segment);
  }

  void underWay(long segment) throws IOException {
    write(UNDER_WAY_AT, segment);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static long at(int page) {
    return HEADER + (page - 1L) * Long.BYTES;
  }

  private long read(long at) throws IOException {
    number.clear();
    return channel.read(number, at) < Long.BYTES ? 0 : number.getLong(0);
  }

  private void write(long at, long value) throws IOException {
    number.clear().putLong(value).flip();
    channel.write(number, at);
  }
}
