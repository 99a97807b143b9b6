package dev.caravan.webhook;

/** A route cannot start, since another one reads under the name of its subscription. */
public final class SubscriptionTakenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  SubscriptionTakenException(String message) {
    super(message);
  }
}
