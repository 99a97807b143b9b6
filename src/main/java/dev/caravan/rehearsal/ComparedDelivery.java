package dev.caravan.rehearsal;

import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.SubscriptionOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delivery, and what each of a candidate's routes would do with it. */
public record ComparedDelivery(DeliverySummary delivery, List<Told> told) {

  /** Whether one of them would do something different from the route as it runs. */
  public boolean isDifferent() {
    return told.stream().anyMatch(Told::isDifferent);
  }

  /**
   * What one route would make of a delivery.
   *
   * @param current what it makes of it as it runs; null when no route of that subscription runs
   * @param was the delivery's outcome in that subscription; null when there is none
   */
  public record Told(
      Rehearsed candidate, @Nullable Rehearsed current, @Nullable SubscriptionOutcome was) {

    /** Whether the candidate would do something different from the route as it runs. */
    public boolean isDifferent() {
      return current == null ? candidate.isTaken() : !candidate.isLike(current);
    }
  }
}
