package dev.caravan.webhook;

/** A route cannot start, because another one reads under the same subscription name. */
public final class SubscriptionTakenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  SubscriptionTakenException(String message) {
    super(message);
  }
}
