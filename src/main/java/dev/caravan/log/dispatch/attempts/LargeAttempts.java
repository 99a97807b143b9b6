package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.AttemptMarks;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which large deliveries are being run. One that ends the program each time, because its
 * route needs more memory than there is, is thereby not run at every start for ever. Safe for use
 * by many threads.
 *
 * <p>A mark is set before an attempt begins and removed when it ends.
 */
public final class LargeAttempts {
  /** A body of this many bytes or more gets a mark. */
  public static final int LARGE = 1 << 20;

  /**
   * Two may be a coincidence: the program was killed twice, or another delivery beside it was the
   * cause. The third time it runs alone; if that ends the program too, it is given up.
   */
  public static final int MOST_ENDS = 3;

  private final AttemptMarks marks;
  private final Map<String, Integer> ends;
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  /** Reads the marks that the last process left. */
  public LargeAttempts(AttemptMarks marks) {
    this.marks = marks;
    this.ends = new ConcurrentHashMap<>(marks.left());
  }

  /**
   * Reads the marks that other processes have left meanwhile. One that is gone was of an attempt
   * that has ended.
   *
   * @param left marks, as {@link AttemptMarks#left} has them
   */
  public void take(Map<String, Integer> left) {
    Map<String, Integer> others = new HashMap<>(left);
    others.keySet().removeAll(begun);
    ends.keySet().removeIf(name -> !begun.contains(name) && !others.containsKey(name));
    ends.putAll(others);
  }

  /** Whether it may be what ends the program: after one more end it is given up. */
  boolean isSuspect(long subscription, InFlightDelivery delivery) {
    return delivery.length() >= LARGE
        && ends.getOrDefault(name(subscription, delivery), 0) >= MOST_ENDS - 1;
  }

  /**
   * Takes note that an attempt begins.
   *
   * @throws EndsTheProgramException when so many attempts at it have ended the program that it is
   *     given up
   */
  void begin(long subscription, InFlightDelivery delivery) {
    if (delivery.length() < LARGE) {
      return;
    }
    String name = name(subscription, delivery);
    int before = ends.getOrDefault(name, 0);
    if (before >= MOST_ENDS) {
      throw new EndsTheProgramException(before, delivery.length());
    }
    begun.add(name);
    marks.set(name, before + 1);
  }

  /** Records that it has ended, whatever its outcome; a replay starts counting again. */
  void end(long subscription, InFlightDelivery delivery) {
    if (delivery.length() >= LARGE) {
      forget(name(subscription, delivery));
    }
  }

  /** The program stops in good order: the attempts that it cuts off did not end it. */
  public void close() {
    begun.forEach(this::forget);
  }

  private void forget(String name) {
    ends.remove(name);
    begun.remove(name);
    marks.remove(name);
  }

  private static String name(long subscription, InFlightDelivery delivery) {
    return subscription + "-" + delivery.position();
  }
}
