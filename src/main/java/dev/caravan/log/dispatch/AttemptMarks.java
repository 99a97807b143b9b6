package dev.caravan.log.dispatch;

import java.util.Map;

/**
 * Marks attempts in a way that outlives this process, however it ends. No method fails: a delivery
 * runs even if its mark cannot be kept. Safe for use by many threads.
 */
public interface AttemptMarks {
  /** The number of each mark that earlier processes left, by its name. */
  Map<String, Integer> left();

  /**
   * Sets a mark.
   *
   * @param name letters, digits and hyphens
   */
  void set(String name, int number);

  /** Removes a mark, if it exists. */
  void remove(String name);
}
