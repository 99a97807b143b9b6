package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.Outcome;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a subscription has in memory, from when it is read until its outcome is on disk.
 * What changes is guarded by its subscription.
 */
public final class InFlightDelivery {
  private final long position;
  private final @Nullable String lane;
  private final int length;
  private State state = State.WAITING;
  private int attempts;
  private boolean wasCutOff;
  private boolean isDue;
  private long heldUntil;
  private @Nullable Outcome outcome;

  /**
   * @param lane its lane, or null when it is in no order
   * @param length bytes of its body
   * @param attempts how often it has failed
   */
  public InFlightDelivery(long position, @Nullable String lane, int length, int attempts) {
    this.position = position;
    this.lane = lane;
    this.length = length;
    this.attempts = attempts;
  }

  /** Where it stands. */
  enum State {
    /** It runs when its turn comes and there is memory for it. */
    WAITING,
    /** It is handed out. */
    RUNNING,
    /** It has failed, and holds up its lane until it is due again. */
    HELD,
    /** It has run; its outcome must be written. */
    ENDED;

    private Set<State> next() {
      return switch (this) {
        case WAITING -> Set.of(RUNNING, HELD, ENDED);
        case RUNNING -> Set.of(WAITING, HELD, ENDED);
        case HELD -> Set.of(WAITING, ENDED);
        case ENDED -> Set.of(ENDED);
      };
    }
  }

  public long position() {
    return position;
  }

  @Nullable
  public String lane() {
    return lane;
  }

  public int length() {
    return length;
  }

  boolean is(State other) {
    return state == other;
  }

  void become(State next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException(
          "The delivery at %d is %s and cannot become %s".formatted(position, state, next));
    }
    state = next;
  }

  public int attempts() {
    return attempts;
  }

  void attempts(int failed) {
    attempts = failed;
  }

  /** Whether it has begun before, not counting what was before somebody asked for it again. */
  public boolean wasBegun() {
    return attempts > 0 || wasCutOff;
  }

  /** Sets whether its first attempt was stopped from outside, and so does not count. */
  void cutOff(boolean value) {
    wasCutOff = value;
  }

  /** Whether it is in the due table, from which its outcome must remove it. */
  public boolean isDue() {
    return isDue;
  }

  void setDue(boolean value) {
    isDue = value;
  }

  /** When it lets its lane continue, in milliseconds since 1970. */
  long heldUntil() {
    return heldUntil;
  }

  void holdUntil(long time) {
    heldUntil = time;
  }

  /** Its outcome that is not on disk, or null. */
  @Nullable Outcome outcome() {
    return outcome;
  }

  void outcome(@Nullable Outcome unwritten) {
    outcome = unwritten;
  }
}
