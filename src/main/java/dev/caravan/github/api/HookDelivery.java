package dev.caravan.github.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of GitHub's to deliver an event to a hook, as its list shows it.
 *
 * @param id of the attempt
 * @param guid of the event, the same for every attempt
 * @param redelivery whether somebody had asked for it
 * @param status in GitHub's words, such as {@code OK} or {@code failed to connect}
 * @param statusCode of our answer; 0 when there was none
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
