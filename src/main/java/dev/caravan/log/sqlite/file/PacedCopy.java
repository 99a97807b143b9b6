package dev.caravan.log.sqlite.file;

import dev.caravan.log.LogBackup;
import dev.caravan.log.pages.LogPages;
import dev.caravan.log.pages.PageFollower;
import dev.caravan.log.pages.PageSink;
import dev.caravan.log.pages.PageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies the file of an open log, at a bounded rate, as pages.
 *
 * <p>SQLite's own backup starts over whenever another connection writes; within a reader's
 * transaction, it keeps the write-ahead file from restarting all the while. This class reads the
 * file as it is on disk, and what is committed meanwhile from the write-ahead file, which stays as
 * small as always.
 */
public final class PacedCopy implements LogBackup, LogPages {
  private static final int MOST_AT_ONCE = 256;

  /** How often the changes are read at least: the write-ahead file restarts meanwhile. */
  private static final int STEPS_A_SECOND = 20;

  private final Database database;
  private final Checkpointer checkpointer;
  private final HeldFile file;

  public PacedCopy(Database database, Checkpointer checkpointer, HeldFile file) {
    this.database = database;
    this.checkpointer = checkpointer;
    this.file = file;
  }

  @Override
  public long size() {
    return database.file().toFile().length();
  }

  @Override
  public void writeTo(OutputStream out, long bytesPerSecond) throws IOException {
    PageWriter pages = new PageWriter(out);
    long pagesPerSecond = Math.max(1, bytesPerSecond / PageSink.BYTES);
    int atOnce = (int) Math.max(1, Math.min(MOST_AT_ONCE, pagesPerSecond / STEPS_A_SECOND));
    long nanosEach = atOnce * TimeUnit.SECONDS.toNanos(1) / pagesPerSecond;
    try (PageFollower follower = follow()) {
      long due = System.nanoTime();
      int next = 1;
      while (next != 0) {
        follower.changes(pages);
        next = follower.scan(next, atOnce, pages);
        due += nanosEach;
        pause(due - System.nanoTime());
        due = Math.max(due, System.nanoTime()); // a slow client gets no burst afterwards
      }
      follower.changes(pages);
      pages.end(follower.pages());
    }
  }

  @Override
  public PageFollower follow() throws IOException {
    return WriteAheadFollower.begin(database, checkpointer, file);
  }

  @Override
  public String fingerprint() throws IOException {
    Path path = database.file();
    BasicFileAttributes of =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return "%s %d %s".formatted(of.fileKey(), of.size(), of.lastModifiedTime());
  }

  private void pause(long nanos) throws IOException {
    if (nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    if (Thread.interrupted()) {
      throw new IOException("interrupted");
    }
  }
}
