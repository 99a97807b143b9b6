package dev.caravan.console;

import dev.caravan.log.KnownReplay;
import dev.caravan.log.history.DeadLetterGroup;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.routes.ShownRoute;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscription, with everything that is known about it.
 *
 * @param rate of its attempts, in words; empty when that is not known yet
 * @param attempts made since the start
 * @param failures of those
 * @param route that feeds on it; null while it is idle
 * @param shown that route as it runs; null when it cannot be shown
 * @param file the route is from, and what its last load came to; null while it is idle
 * @param deadLetters by their error, the most frequent first
 * @param replays that go to it, the newest first
 */
public record SubscriptionView(
    KnownSubscription known,
    String rate,
    long attempts,
    long failures,
    @Nullable RunningRoute route,
    @Nullable ShownRoute shown,
    @Nullable RouteFile file,
    List<DeadLetterGroup> deadLetters,
    List<KnownReplay> replays) {

  /** Its address on the console. */
  public String address() {
    return "/subscriptions/" + Format.encoded(known.name());
  }

  /** The address of the dead letters with an error. */
  public String address(DeadLetterGroup group) {
    return address() + "/dead-letters?error=" + Format.encoded(group.error());
  }
}
