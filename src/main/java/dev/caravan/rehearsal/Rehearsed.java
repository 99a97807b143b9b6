package dev.caravan.rehearsal;

import dev.caravan.rehearsal.stage.Send;
import java.util.List;

/**
 * What a route would do with a delivery.
 *
 * @param subscription the name of its subscription, which most often is the route's id
 * @param reason why it is not wanted, or which step fails with what; else empty
 * @param sends what would be sent, in that order
 * @param moreSends how many more than are kept
 * @param notes what it would log, read, or fail at on the way
 */
public record Rehearsed(
    String subscription,
    String route,
    Verdict verdict,
    String reason,
    List<Send> sends,
    int moreSends,
    List<String> notes) {

  /** Whether the route would run for it. */
  public boolean isTaken() {
    return verdict != Verdict.NOT_WANTED;
  }

  /** Whether somebody outside would see no difference. */
  public boolean isLike(Rehearsed other) {
    if (verdict != other.verdict
        || sends.size() != other.sends.size()
        || moreSends != other.moreSends) {
      return false;
    }
    for (int each = 0; each < sends.size(); each++) {
      if (!sends.get(each).isLike(other.sends.get(each))) {
        return false;
      }
    }
    return true;
  }
}
