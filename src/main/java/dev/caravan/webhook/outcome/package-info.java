/**
 * How an attempt ended: with the whole exchange, whether trying again would help, and at which step
 * it failed. Start with {@link dev.caravan.webhook.outcome.AttemptOutcome}.
 */
@NullMarked
package dev.caravan.webhook.outcome;

import org.jspecify.annotations.NullMarked;
