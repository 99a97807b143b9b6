package dev.caravan.log.content;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and decompresses with what deliveries have in common, or without a dictionary. Safe
 * for use by many threads.
 *
 * <p>Making a context costs far more than using it for a small body, so a few are kept.
 */
public final class Dictionary {
  /** Content without a dictionary. */
  static final int NO_ID = 0;

  private static final int LEVEL = 3;
  private static final int CONTEXTS_KEPT = 8;

  private final int id;
  private final @Nullable ZstdDictCompress forCompression;
  private final @Nullable ZstdDictDecompress forDecompression;
  private final BlockingQueue<Compressor> compressors = new ArrayBlockingQueue<>(CONTEXTS_KEPT);
  private final BlockingQueue<ZstdDecompressCtx> decompressors =
      new ArrayBlockingQueue<>(CONTEXTS_KEPT);

  private Dictionary(int id, byte @Nullable [] bytes) {
    this.id = id;
    this.forCompression = bytes == null ? null : new ZstdDictCompress(bytes, LEVEL);
    this.forDecompression = bytes == null ? null : new ZstdDictDecompress(bytes);
  }

  /** A dictionary as the log keeps it. */
  public static Dictionary of(int id, byte[] bytes) {
    return new Dictionary(id, bytes);
  }

  public static Dictionary none() {
    return new Dictionary(NO_ID, null);
  }

  /** Its number in the log, or {@link #NO_ID}. */
  public int id() {
    return id;
  }

  /** Compresses some bytes that follow each other, as one. */
  public byte[] compress(byte[]... parts) {
    Compressor compressor = compressors.poll();
    if (compressor == null) {
      compressor = new Compressor(LEVEL, forCompression);
    }
    try {
      return compressor.compress(parts);
    } finally {
      if (!compressors.offer(compressor)) {
        compressor.close();
      }
    }
  }

  /** Frees the memory kept for compressing: another dictionary does that now. */
  void retire() {
    for (Compressor compressor = compressors.poll();
        compressor != null;
        compressor = compressors.poll()) {
      compressor.close();
    }
  }

  public byte[] decompress(byte[] compressed, int length) {
    ZstdDecompressCtx context = decompressors.poll();
    if (context == null) {
      context = decompressor();
    }
    try {
      return context.decompress(compressed, length);
    } finally {
      if (!decompressors.offer(context)) {
        context.close();
      }
    }
  }

  private ZstdDecompressCtx decompressor() {
    ZstdDecompressCtx context = new ZstdDecompressCtx();
    if (forDecompression != null) {
      context.loadDict(forDecompression);
    }
    return context;
  }
}
