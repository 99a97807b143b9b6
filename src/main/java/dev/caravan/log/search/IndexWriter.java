package dev.caravan.log.search;

/** Takes stretches into the {@link SearchIndex}. */
@FunctionalInterface
public interface IndexWriter {
  /**
   * Writes one, and returns when that is on disk.
   *
   * @param first its first position
   * @param size how many deliveries it has; when there are others by now, nothing is written
   * @throws dev.caravan.log.LogUnavailableException when it cannot be written
   */
  void add(long first, int size, byte[] columns, byte[] mentions);
}
