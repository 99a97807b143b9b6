package dev.caravan.log.sqlite.file;

import dev.caravan.log.pages.FellBehindException;
import dev.caravan.log.pages.PageFollower;
import dev.caravan.log.pages.PageSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads each page of the write-ahead file before the file restarts. To that end it keeps a reader's
 * transaction open, and renews it each time it has read: SQLite never overwrites what a reader may
 * look at. When the file must restart because it has become too large, {@link Checkpointer} asks it
 * to let go for a moment.
 *
 * <p>Pages are moved into the file while {@link #scan} reads it, so that copy shows many moments,
 * and torn pages. But whatever is moved meanwhile comes from the write-ahead file, and so is among
 * the {@link #changes}, which replace it.
 *
 * <p>One thread follows; one of the log's makes it let go. Locks in this order: the checkpointer's,
 * then this one's.
 */
final class WriteAheadFollower implements PageFollower, Checkpointer.Follower {
  /** The most pages that the log's own thread reads before a restart: 8 MiB, a few milliseconds. */
  private static final int MOST_LEFT = 2048;

  /** A megabyte. */
  private static final int PAGES_AT_ONCE = 256;

  private final Checkpointer checkpointer;
  private final HeldFile file;

  /** The log may wait for it while at most a megabyte of frames is read. */
  private final Lock lock = new ReentrantLock();

  private final WriteAheadFrames frames;
  private final ReadTransaction transaction;

  /** Frames that the log's thread read before a restart, and that are not passed on yet. */
  private final List<ByteBuffer> left = new ArrayList<>();

  private boolean isLost;

  // --- for the thread that follows alone ---

  private final BitSet seen = new BitSet();
  private int pages;

  /** How many pages the file had in the beginning; later ones are among the changes. */
  private int before;

  private WriteAheadFollower(Database database, Checkpointer checkpointer, HeldFile file) {
    this.checkpointer = checkpointer;
    this.file = file;
    this.frames = new WriteAheadFrames(database.writeAheadFile());
    this.transaction = new ReadTransaction(database);
  }

  /** Follows from now on, beginning with all that is in the write-ahead file now. */
  static WriteAheadFollower begin(Database database, Checkpointer checkpointer, HeldFile file)
      throws IOException {
    WriteAheadFollower follower = new WriteAheadFollower(database, checkpointer, file);
    checkpointer.follow(follower);
    try {
      checkpointer.betweenCheckpoints(follower::passOverWhatIsMoved);
      follower.before = file.pages();
      if (follower.isLost) {
        throw new FellBehindException();
      }
      return follower;
    } catch (IOException | RuntimeException e) {
      follower.close();
      throw e;
    }
  }

  /**
   * If all of the write-ahead file is in its place already, the next commit may restart it although
   * we hold it; but then nothing in it is needed.
   */
  private void passOverWhatIsMoved() throws IOException {
    WriteAheadFrames.Committed committed = committed();
    if (checkpointer.isAllMoved() && frames.readSalt() == committed.salt()) {
      frames.passOver(committed);
    }
  }

  /**
   * Passes nothing on while it has a lock: the log waits for locks, and a sink may be slow. If
   * something fails in between, what was read is missing, and following ends.
   */
  @Override
  public void changes(PageSink sink) throws IOException {
    try {
      List<ByteBuffer> read = new ArrayList<>();
      while (read(committed(), read)) { // while the log does not wait for it
        pass(read, sink);
      }
      checkpointer.betweenCheckpoints(() -> readRest(read)); // little, since nothing was passed on
      pass(read, sink);
    } catch (IOException | RuntimeException e) {
      lose();
      throw e;
    }
  }

  /**
   * The salt changes with each restart: if it is the same after the count, both belong together.
   */
  private WriteAheadFrames.Committed committed() throws IOException {
    while (true) {
      long salt = frames.readSalt();
      int committed = checkpointer.frames();
      if (frames.readSalt() == salt) {
        return new WriteAheadFrames.Committed(salt, committed);
      }
    }
  }

  private void readRest(List<ByteBuffer> into) throws IOException {
    WriteAheadFrames.Committed committed = committed();
    while (read(committed, into)) {
      // until nothing is left
    }
    lock.lock();
    try {
      letGoOfFile();
      hold();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is more. */
  private boolean read(WriteAheadFrames.Committed committed, List<ByteBuffer> into)
      throws IOException {
    lock.lock();
    try {
      if (isLost) {
        throw new FellBehindException();
      }
      into.addAll(left);
      left.clear();
      return frames.read(committed, into);
    } finally {
      lock.unlock();
    }
  }

  private void pass(List<ByteBuffer> read, PageSink sink) throws IOException {
    for (ByteBuffer frame : read) {
      int number = WriteAheadFrames.page(frame);
      int size = WriteAheadFrames.filePages(frame);
      seen.set(number); // first: a scan must not give an older page after it
      sink.page(number, WriteAheadFrames.content(frame));
      pages = size == 0 ? pages : size;
    }
    read.clear();
  }

  @Override
  public int pages() throws IOException {
    return pages == 0 ? file.pages() : pages;
  }

  @Override
  public int scan(int from, int most, PageSink sink) throws IOException {
    int end = (int) Math.min(before, from - 1L + most);
    ByteBuffer content = ByteBuffer.allocate(PAGES_AT_ONCE * Database.PAGE_BYTES);
    int first = from;
    while (first <= end) {
      int count = Math.min(PAGES_AT_ONCE, end - first + 1);
      content.clear().limit(count * Database.PAGE_BYTES);
      file.read(content, (first - 1L) * Database.PAGE_BYTES);
      int read = content.position() / Database.PAGE_BYTES;
      for (int number = 0; number < read; number++) {
        if (!seen.get(first + number)) {
          sink.page(
              first + number, content.slice(number * Database.PAGE_BYTES, Database.PAGE_BYTES));
        }
      }
      first = read < count ? end + 1 : first + count;
    }
    return end < from - 1L + most ? 0 : end + 1;
  }

  // --- what the checkpointer calls, with its own lock ---

  @Override
  public boolean letGo(int committed) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      WriteAheadFrames.Committed all = new WriteAheadFrames.Committed(frames.readSalt(), committed);
      if (isLost) {
        return true;
      }
      if (left.size() + frames.left(all) > MOST_LEFT) {
        return false;
      }
      while (frames.read(all, left)) {
        // until nothing is left
      }
      letGoOfFile();
      return true;
    } catch (IOException e) {
      lose();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void hold() {
    lock.lock();
    try {
      if (!isLost) {
        transaction.hold();
      }
    } catch (SQLException e) {
      lose();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void lose() {
    lock.lock();
    try (frames;
        transaction) {
      isLost = true;
      left.clear();
    } catch (SQLException | IOException e) {
      // nothing was written with either
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    checkpointer.unfollow(this);
    lose();
  }

  private void letGoOfFile() {
    try {
      transaction.letGo();
    } catch (SQLException e) {
      lose();
    }
  }
}
