package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.AttemptMarks;
import java.util.HashMap;
import java.util.Map;

/** Marks that outlive a process of a test. */
final class MemoryMarks implements AttemptMarks {
  private final Map<String, Integer> marks = new HashMap<>();

  @Override
  public Map<String, Integer> left() {
    return Map.copyOf(marks);
  }

  @Override
  public void set(String name, int number) {
    marks.put(name, number);
  }

  @Override
  public void remove(String name) {
    marks.remove(name);
  }
}
