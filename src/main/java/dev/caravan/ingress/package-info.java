/**
 * The road from GitHub to the delivery log: an HTTP request comes in, a verified delivery goes to
 * disk, an answer goes out.
 *
 * <p>Start with {@code ingress.camel.yaml}, the receiving route; its steps are the processors of
 * {@code route}. What comes before it, in {@code port} and {@code memory}, keeps a stranger from
 * costing anything: method, content type, size, time and memory. {@link
 * dev.caravan.ingress.Ingress} puts the parts together.
 *
 * <p>Everything runs on the event loop that owns the connection, except for bodies over 256 KiB: no
 * I/O, no waiting, no locks held. GitHub gives up after ten seconds and does not retry.
 */
@NullMarked
package dev.caravan.ingress;

import org.jspecify.annotations.NullMarked;
