/**
 * Which deliveries a route takes, judged by their content: those about a branch, and those that
 * change certain files. Start with {@link dev.caravan.webhook.filter.PayloadFilter}.
 */
@NullMarked
package dev.caravan.webhook.filter;

import org.jspecify.annotations.NullMarked;
