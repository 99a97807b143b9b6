/**
 * One trace from a request through the log into the routes and what they call. The context is kept
 * beside a delivery's headers in the log, as W3C's {@code traceparent}; spans are those of
 * OpenTelemetry, whose library is loaded only when tracing is on.
 */
@NullMarked
package dev.caravan.tracing;

import org.jspecify.annotations.NullMarked;
