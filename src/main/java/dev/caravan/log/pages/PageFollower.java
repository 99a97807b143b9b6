package dev.caravan.log.pages;

import java.io.IOException;

/**
 * Follows what is committed to a log's file from a moment on, and reads what was in it before. The
 * pages of {@link #scan} and all that {@link #changes} gave since make the file as of the last
 * change; {@link #scan} skips what {@link #changes} has given, since its page would be older.
 */
public interface PageFollower extends AutoCloseable {
  /**
   * Gives the pages that were committed since the last call.
   *
   * @throws FellBehindException when it was called so late that some are lost
   */
  void changes(PageSink sink) throws IOException;

  /** How many pages the file has, as of the last changes. */
  int pages() throws IOException;

  /**
   * Gives pages that the file held before.
   *
   * @param from the first of them
   * @param most how many of them
   * @return where the next call continues, or 0 when these were the last
   */
  int scan(int from, int most, PageSink sink) throws IOException;

  /** Ends following: the log no longer waits for it. */
  @Override
  void close();
}
