package dev.caravan.log.shipping;

import dev.caravan.log.pages.ChangedPages;
import dev.caravan.log.pages.FellBehindException;
import dev.caravan.log.pages.LogPages;
import dev.caravan.log.pages.PageFollower;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is committed to the log, on a thread of its own: the log must not wait for a slow
 * storage. It keeps two sets of pages: one that is being shipped, and what has changed since.
 */
final class Changes implements AutoCloseable {
  /** Pages: 256 MiB. Beyond, it is cheaper to compare the file with what was shipped. */
  private static final int MOST = 65_536;

  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final LogPages log;
  private final Path folder;
  private @Nullable ScheduledExecutorService thread;
  private @Nullable PageFollower follower;
  private @Nullable ChangedPages coming;
  private @Nullable ChangedPages shipping;
  private boolean lost;

  Changes(LogPages log, Path folder) {
    this.log = log;
    this.folder = folder;
  }

  synchronized boolean isFollowing() {
    return follower != null;
  }

  /** Follows the log, unless it does already. */
  synchronized void follow() throws IOException {
    if (follower == null) {
      stop(); // cleans up after an attempt that failed
      coming = new ChangedPages(folder.resolve("coming"));
      shipping = new ChangedPages(folder.resolve("shipping"));
      follower = log.follow();
      lost = false;
      ScheduledExecutorService collecting =
          Executors.newSingleThreadScheduledExecutor(
              work -> new Thread(work, "delivery-log-changes"));
      thread = collecting;
      long millis = INTERVAL.toMillis();
      Future<?> unused =
          collecting.scheduleWithFixedDelay(this::collect, millis, millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Starts following again, for a new scan; nothing is lost in between. */
  synchronized void followAnew() throws IOException {
    PageFollower before = open(follower);
    PageFollower after = log.follow();
    try {
      before.changes(open(coming));
    } catch (IOException | RuntimeException e) {
      lost = true;
      throw e;
    } finally {
      before.close();
      follower = after;
    }
  }

  /**
   * Takes all that has changed and was not {@link #shipped}, as of now.
   *
   * @throws FellBehindException when some changes were lost
   */
  synchronized Taken take() throws IOException {
    if (lost) {
      throw new FellBehindException();
    }
    ChangedPages next = open(coming);
    PageFollower following = open(follower);
    following.changes(next);
    ChangedPages all = open(shipping);
    if (all.size() == 0) {
      coming = all;
      shipping = next;
    } else { // the last ones could not be shipped
      next.each(all);
      next.clear();
    }
    return new Taken(open(shipping), following.pages());
  }

  /**
   * What {@link #take} gives.
   *
   * @param pages how many the file has
   */
  record Taken(ChangedPages changed, int pages) {}

  /** The follower of the log. */
  synchronized PageFollower follower() {
    return open(follower);
  }

  /** What was taken last has arrived. */
  synchronized void shipped() throws IOException {
    open(shipping).clear();
  }

  /** Forgets everything, and follows no more. */
  synchronized void stop() {
    if (thread != null) {
      thread.shutdownNow();
    }
    if (follower != null) {
      follower.close();
    }
    close(coming);
    close(shipping);
    thread = null;
    follower = null;
    coming = null;
    shipping = null;
  }

  @Override
  public void close() {
    stop();
  }

  private synchronized void collect() {
    if (follower == null || lost) {
      return;
    }
    try {
      if (open(coming).size() + open(shipping).size() > MOST) {
        lose();
      } else {
        follower.changes(coming);
      }
    } catch (IOException | RuntimeException e) { // take() reports it
      lose();
    }
  }

  /** Gives up following: the log waits no longer. */
  private void lose() {
    lost = true;
    open(follower).close();
  }

  private static <T> T open(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("The log is not followed");
    }
    return part;
  }

  private static void close(@Nullable ChangedPages pages) {
    try {
      if (pages != null) {
        pages.close();
      }
    } catch (IOException e) {
      // the next one deletes its file
    }
  }
}
