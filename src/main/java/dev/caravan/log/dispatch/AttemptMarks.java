package dev.caravan.log.dispatch;

import java.util.Map;

/**
 * Marks attempts in a way that outlives this process, however it ends. No method fails: a mark that
 * cannot be kept costs no delivery its attempt. Safe for use by many threads.
 */
public interface AttemptMarks {
  /** What the processes before this one left: the number of each mark, by its name. */
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
