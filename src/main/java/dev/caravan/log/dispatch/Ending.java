package dev.caravan.log.dispatch;

/** What a handler says of an attempt at last. */
enum Ending {
  SUCCESS,
  NOT_WANTED,
  SUPERSEDED,
  FAILURE,
  FAILURE_FOR_GOOD,
  CUT_OFF;

  /** Whether nothing about it can have been cut off. */
  boolean isGood() {
    return this == SUCCESS || this == NOT_WANTED || this == SUPERSEDED;
  }
}
