package dev.caravan.webhook;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultConsumer;

/** The attempts of a route that have not ended, and what they want to know of it. */
final class AttemptsInWork {
  private final DefaultConsumer route;
  private final Set<AttemptOutcome> attempts = ConcurrentHashMap.newKeySet();

  AttemptsInWork(DefaultConsumer route) {
    this.route = route;
  }

  void add(AttemptOutcome attempt) {
    attempts.add(attempt);
  }

  int size() {
    return attempts.size();
  }

  /** None of them will be heard of. */
  void cutOff() {
    attempts.forEach(AttemptOutcome::cutOff);
  }

  /** It has ended, and the log knows how, or is not to know. */
  void isOver(AttemptOutcome outcome) {
    attempts.remove(outcome);
  }

  /** Whether this route is being stopped or replaced, so that its work may be cut short. */
  boolean isEnding() {
    return route.isStoppingOrStopped() || route.isSuspendingOrSuspended();
  }

  /** Whether everything is being stopped, so that work may be cut short. */
  boolean isProgramEnding() {
    return context().isStopping() || context().isStopped();
  }

  /**
   * Whether all that is still in work is being cut off: its connections are closed under it, and
   * how it fails then says nothing.
   */
  boolean isTimeUp() {
    return isProgramEnding() && context().getShutdownStrategy().isTimeoutOccurred();
  }

  private CamelContext context() {
    return route.getEndpoint().getCamelContext();
  }
}
