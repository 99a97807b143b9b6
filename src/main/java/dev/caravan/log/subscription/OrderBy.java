package dev.caravan.log.subscription;

import dev.caravan.delivery.Delivery;
import org.jspecify.annotations.Nullable;

/** What defines a lane: deliveries of one lane run one at a time and in order. */
public enum OrderBy {
  /** One lane per repository; without one, per organisation, then per installation. */
  REPOSITORY,
  /** As {@link #REPOSITORY}, split by issue, pull request or ref. */
  SUBJECT,
  /** No lanes: everything may run at once. */
  NONE;

  /** The key of a delivery's lane, or null when it is in no order. */
  public @Nullable String lane(Delivery.Subject subject) {
    if (this == NONE) {
      return null;
    }
    if (subject.repository() == null) {
      return subject.organization() != null
          ? "organization " + subject.organization()
          : subject.installation() != null ? "installation " + subject.installation() : null;
    }
    return this == SUBJECT && subject.thread() != null
        ? subject.repository() + " " + subject.thread()
        : subject.repository();
  }
}
