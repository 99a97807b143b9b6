/**
 * Whether a request was signed with one of our secrets, and what is kept of those that were not.
 *
 * <p>Start with {@link dev.caravan.ingress.signature.Verification}.
 */
@NullMarked
package dev.caravan.ingress.signature;

import org.jspecify.annotations.NullMarked;
