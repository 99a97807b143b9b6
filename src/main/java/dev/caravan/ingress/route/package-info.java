/**
 * The receiving route: what runs it for each request, and its steps, in the order of {@code
 * ingress.camel.yaml}. Start with {@link dev.caravan.ingress.route.HookConsumer}.
 */
@NullMarked
package dev.caravan.ingress.route;

import org.jspecify.annotations.NullMarked;
