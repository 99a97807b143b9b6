package dev.caravan.log.subscription;

import dev.caravan.delivery.Delivery;

/**
 * One try of one subscription at one delivery. Exactly one of {@link #succeeded()}, {@link
 * #notWanted()}, {@link #superseded()}, {@link #failed}, {@link #failedForGood} and {@link #cutOff}
 * must be called; calls after that are ignored. A process that dies in between runs the same
 * attempt again.
 */
public interface Attempt {
  /** What to work on. */
  Delivery delivery();

  /** Where the delivery is in the log. */
  String position();

  /** 1 for the first try, one more for each retry; a replay starts at 1 again. */
  int number();

  /** The work is done; the subscription will not get this delivery again. */
  void succeeded();

  /**
   * Whether a newer delivery of its lane waits behind it or, when this one has failed before, has
   * been completed meanwhile.
   */
  boolean isSuperseded();

  /** Whether it is made on trial, of one delivery by itself, so that no newer one can come. */
  default boolean isAlone() {
    return false;
  }

  /**
   * A newer delivery of its lane is run instead: the subscription has completed this one without
   * running it. It is kept as attempt number 0.
   */
  void superseded();

  /**
   * There was nothing to do: the route does not want this payload. The subscription is done with
   * the delivery but has not completed it; a redelivery is checked again.
   */
  void notWanted();

  /**
   * The work failed; it is retried as the subscription's {@link RetryPolicy} says. After {@link
   * Subscription#close} a failure counts as {@link #cutOff}.
   */
  void failed(Throwable cause);

  /** The work failed, and trying again would not help: it becomes a dead letter at once. */
  void failedForGood(Throwable cause);

  /** The work was stopped before its end, from outside: the same attempt is run again at once. */
  void cutOff();
}
