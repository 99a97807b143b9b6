package dev.caravan.log.sqlite.file;

import dev.caravan.log.pages.FellBehindException;
import dev.caravan.log.pages.PageFollower;
import dev.caravan.log.pages.PageSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads each page of the write-ahead file before the file begins anew. For that it keeps a reader's
 * transaction open, and moves it on each time it has read: SQLite never overwrites what a reader
 * may look at. When the file has to begin anew since it has become too large, {@link Checkpointer}
 * asks it to let go for a moment.
 *
 * <p>The copy of the whole file that {@link #scan} makes is taken while pages are moved into it, so
 * it shows many moments, and torn pages. Whatever is moved meanwhile comes out of the write-ahead
 * file, and so is among the {@link #changes}, which are laid over it.
 *
 * <p>Followed by one thread; a second, of the log, lets go. Locks in this order: the
 * checkpointer's, then this one's.
 */
final class WriteAheadFollower implements PageFollower, Checkpointer.Follower {
  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int FRAME = FRAME_HEADER + Database.PAGE_BYTES;
  private static final int PAGE_SIZE_AT = 8;
  private static final int SALT_AT = 16;
  private static final int SALT_OF_FRAME_AT = 8;
  private static final int PAGES_AT = 4;

  /** A megabyte: so long at most the log waits for this lock. */
  private static final int FRAMES_AT_ONCE = 256;

  /** What the log itself reads when it has to begin anew: 8 MiB, a few milliseconds. */
  private static final int MOST_LEFT = 2048;

  private final Database database;
  private final Checkpointer checkpointer;
  private final HeldFile file;
  private final Lock lock = new ReentrantLock();
  private final ByteBuffer frames = ByteBuffer.allocate(FRAMES_AT_ONCE * FRAME);

  /** Read by the log when it began anew, and not passed on yet. */
  private final List<ByteBuffer> left = new ArrayList<>();

  private @Nullable Connection reader;
  private boolean holds;
  private boolean isLost;
  private @Nullable FileChannel writeAhead;

  /** Which content of the write-ahead file was read, and how much of it. */
  private long salt;

  private int position;

  // --- for the thread that follows alone ---

  private final BitSet seen = new BitSet();
  private int pages;

  /** How many pages the file had when this began; what was added since is among the changes. */
  private int before;

  private WriteAheadFollower(Database database, Checkpointer checkpointer, HeldFile file) {
    this.database = database;
    this.checkpointer = checkpointer;
    this.file = file;
  }

  /** Follows from now on, with all that is in the write-ahead file at this moment. */
  static WriteAheadFollower begin(Database database, Checkpointer checkpointer, HeldFile file)
      throws IOException {
    WriteAheadFollower follower = new WriteAheadFollower(database, checkpointer, file);
    checkpointer.follow(follower);
    try {
      checkpointer.betweenCheckpoints(follower::passOverWhatIsMoved);
      follower.before = (int) (file.size() / Database.PAGE_BYTES);
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
   * Where all of the write-ahead file is in its place already, its next commit may begin it anew
   * although we hold it; and then nothing in it is needed.
   */
  private void passOverWhatIsMoved() throws IOException {
    Mark mark = mark();
    if (checkpointer.isAllMoved() && saltInFile() == mark.salt()) {
      salt = mark.salt();
      position = mark.frames();
    }
  }

  /**
   * Nothing is passed on with a lock, for the log waits for those, and a sink may take its time.
   * Where something fails in between, what was read is missing, and so we are lost.
   */
  @Override
  public void changes(PageSink sink) throws IOException {
    try {
      List<ByteBuffer> read = new ArrayList<>();
      while (read(mark(), read)) { // as long as the log need not wait for it
        pass(read, sink);
      }
      checkpointer.betweenCheckpoints(() -> readRest(read)); // little, as nothing was passed on
      pass(read, sink);
    } catch (IOException | RuntimeException e) {
      lose();
      throw e;
    }
  }

  /** What is committed in the write-ahead file: this many frames with this salt. */
  private record Mark(long salt, int frames) {}

  /** The salt is new each time the file begins anew, so the same before and after is the same. */
  private Mark mark() throws IOException {
    while (true) {
      long before = saltInFile();
      int committed = checkpointer.frames();
      if (saltInFile() == before) {
        return new Mark(before, committed);
      }
    }
  }

  private void readRest(List<ByteBuffer> into) throws IOException {
    Mark mark = mark();
    while (read(mark, into)) {
      // until nothing is left
    }
    lock.lock();
    try {
      letGoOfFile();
      holdFile();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is more. */
  private boolean read(Mark mark, List<ByteBuffer> into) throws IOException {
    lock.lock();
    try {
      if (isLost) {
        throw new FellBehindException();
      }
      into.addAll(left);
      left.clear();
      return next(mark, into);
    } finally {
      lock.unlock();
    }
  }

  private void pass(List<ByteBuffer> read, PageSink sink) throws IOException {
    for (ByteBuffer frame : read) {
      int number = frame.getInt(0);
      int size = frame.getInt(PAGES_AT);
      seen.set(number); // first, so that a scan does not give what is older after it
      sink.page(number, frame.slice(FRAME_HEADER, Database.PAGE_BYTES));
      pages = size == 0 ? pages : size;
    }
    read.clear();
  }

  private boolean next(Mark mark, List<ByteBuffer> into) throws IOException {
    if (mark.salt() != salt) {
      salt = mark.salt();
      position = 0;
    }
    int count = Math.min(FRAMES_AT_ONCE, mark.frames() - position);
    if (count <= 0) {
      return false;
    }
    frames.clear().limit(count * FRAME);
    if (!fill(frames, HEADER + position * (long) FRAME)) {
      throw new IOException("the log's write-ahead file is shorter than what is committed");
    }
    if (saltInFile() != salt) {
      return false; // it has just begun anew, and what was read may be of two times
    }
    for (int number = 0; number < count; number++) {
      ByteBuffer frame = frames.slice(number * FRAME, FRAME);
      if (frame.getLong(SALT_OF_FRAME_AT) != salt) {
        throw new IOException("a frame of the log's write-ahead file is not what is committed");
      }
      into.add(ByteBuffer.allocate(FRAME).put(frame.duplicate()).flip());
      position++;
    }
    return position < mark.frames();
  }

  @Override
  public int pages() throws IOException {
    return pages == 0 ? (int) (file.size() / Database.PAGE_BYTES) : pages;
  }

  @Override
  public int scan(int from, int most, PageSink sink) throws IOException {
    int end = (int) Math.min(before, from - 1L + most);
    ByteBuffer content = ByteBuffer.allocate(FRAMES_AT_ONCE * Database.PAGE_BYTES);
    int first = from;
    while (first <= end) {
      int count = Math.min(FRAMES_AT_ONCE, end - first + 1);
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
      Mark mark = new Mark(saltInFile(), committed);
      if (isLost) {
        return true;
      }
      int read = mark.salt() == salt ? position : 0;
      if (left.size() + committed - read > MOST_LEFT) {
        return false;
      }
      while (next(mark, left)) {
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
      holdFile();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void lose() {
    lock.lock();
    try {
      isLost = true;
      left.clear();
      closeReader();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    checkpointer.unfollow(this);
    lose();
  }

  private void holdFile() {
    if (holds || isLost) {
      return;
    }
    try {
      if (reader == null) {
        reader = database.openReader();
      }
      execute(reader, "BEGIN");
      execute(reader, "SELECT count(*) FROM sqlite_schema"); // which takes the reader's mark
      holds = true;
    } catch (SQLException e) {
      lose();
    }
  }

  private void letGoOfFile() {
    if (!holds || reader == null) {
      return;
    }
    holds = false;
    try {
      execute(reader, "COMMIT");
    } catch (SQLException e) {
      lose();
    }
  }

  private void closeReader() {
    try {
      if (reader != null) {
        reader.close();
      }
      if (writeAhead != null) {
        writeAhead.close(); // SQLite has no locks on this one
      }
    } catch (SQLException | IOException e) {
      // nothing was written with either
    }
    holds = false;
    reader = null;
    writeAhead = null;
  }

  private long saltInFile() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!fill(header, 0)) {
      return 0; // nothing was written to it yet
    }
    if (header.getInt(PAGE_SIZE_AT) != Database.PAGE_BYTES) {
      throw new IOException("the log's pages are not 4096 bytes long");
    }
    return header.getLong(SALT_AT);
  }

  private boolean fill(ByteBuffer buffer, long at) throws IOException {
    FileChannel from;
    lock.lock();
    try {
      if (isLost) {
        throw new FellBehindException();
      }
      if (writeAhead == null) {
        writeAhead = FileChannel.open(database.writeAheadFile(), StandardOpenOption.READ);
      }
      from = writeAhead;
    } catch (NoSuchFileException e) {
      return false;
    } finally {
      lock.unlock();
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

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
