/**
 * The Camel component {@code github-webhook:}, through which a user's route reads the delivery log.
 *
 * <p>A route's consumer is one subscription of the log. Each attempt becomes an exchange ({@code
 * DeliveryMessage}), and the attempt is told how the whole exchange ended ({@code outcome}). Start
 * with {@link dev.caravan.webhook.GitHubWebhookConsumer}.
 */
@NullMarked
package dev.caravan.webhook;

import org.jspecify.annotations.NullMarked;
