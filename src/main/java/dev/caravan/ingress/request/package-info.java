/**
 * What passes between the port and the receiving route: a request that has arrived whole, and its
 * answer. Start with {@link dev.caravan.ingress.request.HookRequest}.
 */
@NullMarked
package dev.caravan.ingress.request;

import org.jspecify.annotations.NullMarked;
