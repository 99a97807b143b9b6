/**
 * A payload as routes see it: read when first looked into, JSON to every connector, and safe to
 * look into where something is null. Start with {@link dev.caravan.webhook.payload.LazyPayload}.
 */
@NullMarked
package dev.caravan.webhook.payload;

import org.jspecify.annotations.NullMarked;
