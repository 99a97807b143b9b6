package dev.caravan.log.subscription;

import java.util.List;

/** The log has no subscription of that name. */
public final class UnknownSubscriptionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Lists the known ones in its message.
   *
   * @param name the one that was asked for
   * @param known the names of all subscriptions
   */
  public UnknownSubscriptionException(String name, List<String> known) {
    super(
        "There is no subscription '%s'. %s"
            .formatted(
                name,
                known.isEmpty()
                    ? "There are no subscriptions yet: a route that starts with from: github-webhook: creates one."
                    : "Known subscriptions: " + String.join(", ", known) + "."));
  }
}
