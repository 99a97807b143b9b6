package dev.caravan.log.pages;

import java.io.IOException;

/**
 * Follows what is committed to a log's file from a moment on, and reads what was in it before. The
 * file as it was at that moment, with everything that {@link #changes} gave since, is the file as
 * of the last change: {@link #scan} skips what {@link #changes} has given, since it would be older.
 */
public interface PageFollower extends AutoCloseable {
  /**
   * Gives the pages that were committed since the last call.
   *
   * @throws FellBehindException when it was held up for so long that some are lost
   */
  void changes(PageSink sink) throws IOException;

  /** How many pages the file has, as of the last changes. */
  int pages() throws IOException;

  /**
   * Gives pages that the file held before.
   *
   * @param from the first of them
   * @param most how many of them
   * @return the first of the next call, or 0 when these were the last
   */
  int scan(int from, int most, PageSink sink) throws IOException;

  /** From now on the log need not wait for it. */
  @Override
  void close();
}
