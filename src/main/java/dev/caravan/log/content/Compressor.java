package dev.caravan.log.content;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses one content after another, in memory that it keeps: new arrays for each cost more time
 * than the compression of a small body. For one thread at a time.
 */
final class Compressor implements AutoCloseable {
  /** Bytes; content is seldom larger, and what it takes is not kept. */
  private static final int KEPT = 64 * 1024;

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private byte[] plain = {};
  private byte[] packed = {};

  Compressor(int level, @Nullable ZstdDictCompress dictionary) {
    context.setLevel(level);
    context.setDictID(false); // the row names it
    if (dictionary != null) {
      context.loadDict(dictionary);
    }
  }

  /** Compresses some bytes that follow each other, as one. */
  byte[] compress(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] from = plain.length >= length ? plain : new byte[length];
    int most = (int) Zstd.compressBound(length);
    byte[] to = packed.length >= most ? packed : new byte[most];
    int end = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, from, end, part.length);
      end += part.length;
    }
    if (most <= KEPT) {
      plain = from;
      packed = to;
    }
    return Arrays.copyOf(to, context.compressByteArray(to, 0, to.length, from, 0, length));
  }

  @Override
  public void close() {
    context.close();
  }
}
