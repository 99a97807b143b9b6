/**
 * What GitHub sends: a {@link dev.caravan.delivery.Delivery} as it was posted, the names of its
 * headers, the payload in a JSON or form body, and what the payload says it is about.
 *
 * <p>{@link dev.caravan.delivery.PayloadScan} reads a payload once and finds its event, its subject
 * and its owner; {@link dev.caravan.delivery.GitHubHeaders} and {@link
 * dev.caravan.delivery.KnownEvents} name what GitHub documents. Nothing here knows HTTP, Camel or
 * the log. The calls that this program makes to GitHub are elsewhere, in {@code
 * dev.caravan.github.api}.
 */
@NullMarked
package dev.caravan.delivery;

import org.jspecify.annotations.NullMarked;
