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
 * @param rate the rate of its attempts, in words; empty while it is not known
 * @param attempts how many it has made since the start
 * @param failures how many of those failed
 * @param route the route that reads it; null while it is idle
 * @param shown that route as it runs; null when it cannot be shown
 * @param file the file of that route, with its state; null while it is idle
 * @param deadLetters grouped by error, the most frequent first
 * @param replays those that go to it, the newest first
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
