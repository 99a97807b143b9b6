/**
 * A delivery as a CloudEvent. Start with {@link dev.caravan.webhook.cloudevents.CloudEventReader}.
 */
@NullMarked
package dev.caravan.webhook.cloudevents;

import org.jspecify.annotations.NullMarked;
