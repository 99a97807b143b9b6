package dev.caravan.github.recovery;

import dev.caravan.log.subscription.EventFilter;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The program that receives deliveries: what it has, and what its routes want. */
public interface ReceivingSide {
  /** The most GUIDs to ask for at once. */
  int MOST_GUIDS = 500;

  /**
   * Which of these GUIDs have arrived here.
   *
   * @param guids at most {@link #MOST_GUIDS}
   */
  Set<String> known(Collection<String> guids);

  /** What each running subscription wants. */
  List<EventFilter> wanted();

  /** The route files whose newest version cannot run: what only they want is not known. */
  Collection<String> broken();
}
