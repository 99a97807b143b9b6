package dev.caravan.webhook.outcome;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultConsumer;

/** The attempts of a route that have not ended, and what they need to know about the route. */
public final class AttemptsInWork implements AttemptOutcome.Owner {
  private final DefaultConsumer route;
  private final Set<AttemptOutcome> attempts = ConcurrentHashMap.newKeySet();

  public AttemptsInWork(DefaultConsumer route) {
    this.route = route;
  }

  public void add(AttemptOutcome attempt) {
    attempts.add(attempt);
  }

  public int size() {
    return attempts.size();
  }

  /** Cuts all of them off. */
  public void cutOff() {
    attempts.forEach(AttemptOutcome::cutOff);
  }

  @Override
  public void isOver(AttemptOutcome outcome) {
    attempts.remove(outcome);
  }

  @Override
  public boolean isEnding() {
    return route.isStoppingOrStopped() || route.isSuspendingOrSuspended();
  }

  @Override
  public boolean isProgramEnding() {
    return context().isStopping() || context().isStopped();
  }

  @Override
  public boolean isTimeUp() {
    return isProgramEnding() && context().getShutdownStrategy().isTimeoutOccurred();
  }

  private CamelContext context() {
    return route.getEndpoint().getCamelContext();
  }
}
