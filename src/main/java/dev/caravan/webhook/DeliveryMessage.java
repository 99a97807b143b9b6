package dev.caravan.webhook;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.webhook.cloudevents.RecentCloudEvents;
import dev.caravan.webhook.payload.LazyPayload;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Writes a delivery into a message: the body, GitHub's headers and ours. */
final class DeliveryMessage {
  private static final String GITHUBS = GitHubHeaders.PREFIX.toLowerCase(Locale.ROOT);

  /** True only of the body's exact bytes, and sent only with these. */
  private static final Set<String> OF_THE_BYTES =
      Stream.of(GitHubHeaders.SIGNATURE, GitHubHeaders.SIGNATURE_256, GitHubHeaders.CONTENT_TYPE)
          .map(name -> name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private final PayloadForm form;
  private final RecentCloudEvents cloudEvents;

  DeliveryMessage(PayloadForm form, RecentCloudEvents cloudEvents) {
    this.form = form;
    this.cloudEvents = cloudEvents;
  }

  /**
   * Fills an empty message.
   *
   * @throws IllegalArgumentException when the payload is not a JSON object
   */
  void write(Attempt attempt, Message message) {
    Delivery delivery = attempt.delivery();
    delivery
        .headers()
        .forEach(
            (name, value) -> {
              if (belongs(name.toLowerCase(Locale.ROOT))) {
                message.setHeader(name, value);
              }
            });
    message.setHeader(GitHubWebhookConstants.EVENT, delivery.event());
    message.setHeader(GitHubWebhookConstants.DELIVERY, delivery.guid());

    Delivery.Subject subject = delivery.subject();
    set(message, GitHubWebhookConstants.ACTION, subject.action());
    set(message, GitHubWebhookConstants.REPOSITORY, subject.repository());
    set(message, GitHubWebhookConstants.SENDER, subject.sender());
    message.setHeader(GitHubWebhookConstants.POSITION, attempt.position());
    message.setHeader(GitHubWebhookConstants.ATTEMPT, attempt.number());
    message.setHeader(GitHubWebhookConstants.SIZE, delivery.body().length);

    cloudEvents.of(attempt).write(message);
    // A copy: the route may change it, and others get the same delivery.
    message.setBody(form == PayloadForm.MAP ? new LazyPayload(delivery) : delivery.body().clone());
  }

  private boolean belongs(String lowerCaseName) {
    return lowerCaseName.startsWith(GITHUBS)
        || (form == PayloadForm.RAW && OF_THE_BYTES.contains(lowerCaseName));
  }

  private static void set(Message message, String header, @Nullable String value) {
    if (value != null) {
      message.setHeader(header, value);
    }
  }
}
