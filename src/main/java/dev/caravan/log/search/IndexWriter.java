package dev.caravan.log.search;

/** Writes stretches into the {@link SearchIndex}. */
@FunctionalInterface
public interface IndexWriter {
  /**
   * Writes a stretch, and returns when it is on disk.
   *
   * @param first its first position
   * @param size how many deliveries it has; if the number has changed by now, nothing is written
   * @throws dev.caravan.log.LogUnavailableException when it cannot be written
   */
  void add(long first, int size, byte[] columns, byte[] mentions);
}
