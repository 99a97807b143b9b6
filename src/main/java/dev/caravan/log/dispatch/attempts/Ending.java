package dev.caravan.log.dispatch.attempts;

/** What a handler finally reports about an attempt. */
public enum Ending {
  SUCCESS,
  NOT_WANTED,
  SUPERSEDED,
  FAILURE,
  FAILURE_FOR_GOOD,
  CUT_OFF;

  /** Whether it got what it wanted, so that it cannot have been cut off. */
  public boolean isGood() {
    return this == SUCCESS || this == NOT_WANTED || this == SUPERSEDED;
  }
}
