package dev.caravan.console;

import dev.caravan.log.figures.SubscriptionFigures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How many attempts a subscription makes in a minute, measured between two looks at it: nothing is
 * counted while nobody has the console open. Safe for use by many threads.
 */
final class SubscriptionRates {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Map<String, Deque<Look>> looks = new HashMap<>();

  SubscriptionRates(InstantSource clock) {
    this.clock = clock;
  }

  private record Look(Instant at, long attempts) {}

  /** The rate in words; empty at the first look. */
  synchronized String of(SubscriptionFigures figures) {
    Deque<Look> before = looks.computeIfAbsent(figures.name(), name -> new ArrayDeque<>());
    Look now = new Look(clock.instant(), attempts(figures));
    while (before.size() > 1 && before.peekFirst().at().isBefore(now.at().minus(LONGEST))) {
      before.removeFirst();
    }
    if (!before.isEmpty() && before.peekLast().at().isAfter(now.at())) {
      before.clear(); // the clock was set back
    }
    Look first = before.peekFirst();
    Look last = before.peekLast();
    if (last == null || !last.at().plus(SHORTEST).isAfter(now.at())) {
      before.addLast(now);
    }
    if (first == null || first.at().plus(SHORTEST).isAfter(now.at())) {
      return "";
    }
    Duration span = Duration.between(first.at(), now.at());
    double perMinute = (now.attempts() - first.attempts()) * 60_000.0 / span.toMillis();
    return "%s a minute in the last %s"
        .formatted(
            perMinute >= 10 || perMinute == 0
                ? Format.number(Math.round(perMinute))
                : String.format(java.util.Locale.ROOT, "%.1f", perMinute),
            Format.took(span));
  }

  /** The attempts since the log was opened. */
  static long attempts(SubscriptionFigures figures) {
    return figures.attempts().counts().stream().mapToLong(Long::longValue).sum();
  }
}
