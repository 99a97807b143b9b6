package dev.caravan.github.hooks;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.github.api.Waiting;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes GitHub ping a hook, and waits until GitHub reports the result. */
public final class AwaitPing {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final GitHubApi api;
  private final Waiting waiting;

  public AwaitPing(GitHubApi api, Waiting waiting) {
    this.api = api;
    this.waiting = waiting;
  }

  /** GitHub's newest ping; null when there is none. */
  public @Nullable HookDelivery newest(Hook hook) {
    return api.deliveries(hook, null).deliveries().stream()
        .filter(delivery -> delivery.event().equals("ping"))
        .findFirst()
        .orElse(null);
  }

  /**
   * Waits for a ping that is newer than the known one.
   *
   * @param known the newest before this; null when there was none
   * @param isNew whether the hook was just created, in which case GitHub pings it by itself
   * @return null when none came in time
   */
  public @Nullable HookDelivery after(
      Hook hook, @Nullable HookDelivery known, boolean isNew, Duration patience)
      throws InterruptedException {
    if (!isNew) {
      api.ping(hook);
    }
    Instant until = waiting.now().plus(patience);
    while (true) {
      HookDelivery newest = newest(hook);
      if (newest != null && (known == null || newest.id() != known.id())) {
        return newest;
      }
      if (!waiting.now().isBefore(until)) {
        return null;
      }
      waiting.pause(LOOK_EVERY);
    }
  }
}
