package dev.caravan.github.recovery;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDeliveries;
import dev.caravan.github.api.HookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results of GitHub's redeliveries since a given time, as its list shows them. */
final class NewAttempts {
  /** How much GitHub's clock may differ from ours. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final GitHubApi api;
  private final Instant since;

  NewAttempts(GitHubApi api, Instant since) {
    this.api = api;
    this.since = since;
  }

  /** Replaces each known attempt by the newest. */
  void readInto(Map<String, MissedDelivery> missed) {
    Set<Hook> hooks =
        missed.values().stream().map(MissedDelivery::hook).collect(Collectors.toSet());
    Set<String> met = new HashSet<>();
    for (Hook hook : hooks) {
      @Nullable String cursor = null;
      do {
        HookDeliveries page = api.deliveries(hook, cursor);
        boolean isPast = false;
        for (HookDelivery attempt : page.deliveries()) {
          isPast |= isBefore(attempt, since);
          MissedDelivery known = missed.get(attempt.guid());
          if (known != null && known.hook().equals(hook) && met.add(attempt.guid())) {
            missed.put(attempt.guid(), known.with(attempt)); // the list is newest first
          }
        }
        cursor = isPast ? null : page.next();
      } while (cursor != null);
    }
  }

  boolean wasTriedAgain(MissedDelivery delivery) {
    return isAfter(delivery, since);
  }

  /** Whether GitHub has sent it again since then. */
  static boolean isAfter(MissedDelivery delivery, Instant time) {
    return delivery.attempt().redelivery() && !isBefore(delivery.attempt(), time);
  }

  private static boolean isBefore(HookDelivery attempt, Instant time) {
    return attempt.deliveredAt().isBefore(time.minus(SKEW));
  }
}
