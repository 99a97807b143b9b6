package dev.caravan.log.search;

/** Takes stretches into the {@link SearchIndex}. */
@FunctionalInterface
public interface IndexWriter {
  /**
   * Writes one, and returns when that is on disk.
   *
   * @param first its first position
   * @throws dev.caravan.log.LogUnavailableException when it cannot be written
   */
  void add(long first, byte[] columns, byte[] mentions);
}
