package dev.caravan.notices;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Things that begin and end, by name: reports each beginning and end once. For one thread. */
final class OnAndOff<T> {
  private final Set<String> on = new HashSet<>();

  /**
   * Looks at what is on now.
   *
   * @param began is told what was not on at the last look
   * @param over is told what is not on any more
   */
  void look(Map<String, T> now, BiConsumer<String, T> began, Consumer<String> over) {
    now.forEach(
        (name, thing) -> {
          if (on.add(name)) {
            began.accept(name, thing);
          }
        });
    Set<String> gone = new HashSet<>(on);
    gone.removeAll(now.keySet());
    for (String name : gone) {
      on.remove(name);
      over.accept(name);
    }
  }
}
