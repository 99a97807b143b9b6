package dev.caravan.ingress;

import dev.caravan.log.Delivery;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When each hook last sent a delivery that was accepted, since the start. For many threads.
 *
 * <p>A hook's id is not signed, so whoever has a secret could make up any number: this many are
 * told apart, and all others are one, {@link #OTHERS}.
 */
final class HookActivity {
  static final int MOST = 4096;
  static final String OTHERS = "others";

  private static final String HEADER = "X-GitHub-Hook-ID";
  private static final int LONGEST_ID = 19;
  private static final long PRECISION = 1000;

  private final Map<String, Last> byHook = new ConcurrentHashMap<>();
  private final Last others = new Last();

  private static final class Last {
    private volatile long at;

    void seen(long now) {
      if (now - at >= PRECISION) { // a write that all loops share, not for every delivery
        at = now;
      }
    }
  }

  void accepted(Delivery delivery) {
    last(delivery.headers().get(HEADER)).seen(delivery.receivedAt().toEpochMilli());
  }

  /** By the hook's id. */
  Map<String, Instant> last() {
    Map<String, Instant> last = new TreeMap<>();
    byHook.forEach((hook, seen) -> last.put(hook, Instant.ofEpochMilli(seen.at)));
    if (others.at != 0) {
      last.put(OTHERS, Instant.ofEpochMilli(others.at));
    }
    return last;
  }

  private Last last(@Nullable String hook) {
    if (hook == null) {
      return others;
    }
    Last known = byHook.get(hook);
    if (known != null) {
      return known;
    }
    // A few too many when several loops find the last place free at once.
    return byHook.size() < MOST && isId(hook)
        ? byHook.computeIfAbsent(hook, id -> new Last())
        : others;
  }

  private static boolean isId(String hook) {
    return !hook.isEmpty()
        && hook.length() <= LONGEST_ID
        && hook.chars().allMatch(letter -> letter >= '0' && letter <= '9');
  }
}
