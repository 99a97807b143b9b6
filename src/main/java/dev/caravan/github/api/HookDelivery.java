package dev.caravan.github.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's attempt to deliver an event to a hook, as its list shows it.
 *
 * @param id the attempt's
 * @param guid the event's, the same for every attempt
 * @param redelivery whether somebody asked for it
 * @param status the result in GitHub's words, such as {@code OK} or {@code failed to connect}
 * @param statusCode the status of the answer; 0 when there was none
 * @param throttledAt when GitHub held it back, or null
 */
public record HookDelivery(
    long id,
    String guid,
    Instant deliveredAt,
    boolean redelivery,
    String status,
    int statusCode,
    String event,
    @Nullable String action,
    @Nullable Long repositoryId,
    @Nullable Instant throttledAt) {

  /** Whether it was answered with a 2xx. */
  public boolean succeeded() {
    return statusCode / 100 == 2;
  }
}
