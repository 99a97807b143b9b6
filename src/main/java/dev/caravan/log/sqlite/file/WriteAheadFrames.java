package dev.caravan.log.sqlite.file;

import dev.caravan.log.pages.FellBehindException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is committed in the write-ahead file, beside SQLite: each frame once, in order. When
 * the file restarts, with another salt, so does this; the caller must make sure that nothing unread
 * is overwritten.
 *
 * <p>For one thread at a time, except for {@link #readSalt} and {@link #close}.
 */
final class WriteAheadFrames implements AutoCloseable {
  /** A megabyte. */
  private static final int MOST_AT_ONCE = 256;

  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int FRAME = FRAME_HEADER + Database.PAGE_BYTES;
  private static final int PAGE_SIZE_AT = 8;
  private static final int SALT_AT = 16;
  private static final int SALT_OF_FRAME_AT = 8;
  private static final int FILE_PAGES_AT = 4;

  private final Path file;
  private final ByteBuffer frames = ByteBuffer.allocate(MOST_AT_ONCE * FRAME);
  private @Nullable FileChannel channel;
  private boolean isClosed;

  /** The salt of the frames that were read, and below how many those are. */
  private long knownSalt;

  private int position;

  WriteAheadFrames(Path file) {
    this.file = file;
  }

  /** The committed frames: this many, with this salt. */
  record Committed(long salt, int frames) {}

  /**
   * Reads the file's salt, which changes each time it restarts; 0 when nothing was written to it
   * yet.
   */
  long readSalt() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!fill(header, 0)) {
      return 0;
    }
    if (header.getInt(PAGE_SIZE_AT) != Database.PAGE_BYTES) {
      throw new IOException("the log's pages are not 4096 bytes long");
    }
    return header.getLong(SALT_AT);
  }

  /** How many of these were not read yet. */
  int left(Committed committed) {
    return committed.frames() - (committed.salt() == knownSalt ? position : 0);
  }

  /** Skips these. */
  void passOver(Committed committed) {
    knownSalt = committed.salt();
    position = committed.frames();
  }

  /** Reads the next of these; returns whether there are more. */
  boolean read(Committed committed, List<ByteBuffer> into) throws IOException {
    if (committed.salt() != knownSalt) {
      knownSalt = committed.salt();
      position = 0;
    }
    int count = Math.min(MOST_AT_ONCE, committed.frames() - position);
    if (count <= 0) {
      return false;
    }
    frames.clear().limit(count * FRAME);
    if (!fill(frames, HEADER + position * (long) FRAME)) {
      throw new IOException("the log's write-ahead file is shorter than what is committed");
    }
    if (readSalt() != knownSalt) {
      return false; // it has just restarted: what was read may be mixed
    }
    for (int number = 0; number < count; number++) {
      ByteBuffer frame = frames.slice(number * FRAME, FRAME);
      if (frame.getLong(SALT_OF_FRAME_AT) != knownSalt) {
        throw new IOException("a frame of the log's write-ahead file is not what is committed");
      }
      into.add(ByteBuffer.allocate(FRAME).put(frame.duplicate()).flip());
      position++;
    }
    return position < committed.frames();
  }

  /** The number of the page in a frame. */
  static int page(ByteBuffer frame) {
    return frame.getInt(0);
  }

  /** The page itself. */
  static ByteBuffer content(ByteBuffer frame) {
    return frame.slice(FRAME_HEADER, Database.PAGE_BYTES);
  }

  /** How many pages the log's file has after a frame that ends a commit; 0 in others. */
  static int filePages(ByteBuffer frame) {
    return frame.getInt(FILE_PAGES_AT);
  }

  /** Makes reading fail from now on, with {@link FellBehindException}. */
  @Override
  public synchronized void close() throws IOException {
    isClosed = true;
    if (channel != null) {
      channel.close(); // SQLite has no locks on this one
    }
  }

  private synchronized FileChannel open() throws IOException {
    if (isClosed) {
      throw new FellBehindException();
    }
    FileChannel opened = channel;
    if (opened == null) {
      opened = FileChannel.open(file, StandardOpenOption.READ);
      channel = opened;
    }
    return opened;
  }

  private boolean fill(ByteBuffer buffer, long at) throws IOException {
    FileChannel from;
    try {
      from = open();
    } catch (NoSuchFileException e) {
      return false;
    }
    long next = at;
    while (buffer.hasRemaining()) {
      int read = from.read(buffer, next);
      if (read < 0) {
        return false;
      }
      next += read;
    }
    return true;
  }
}
