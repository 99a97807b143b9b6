/**
 * What the parts of the program count, in the terms and the format of Prometheus.
 *
 * <p>The counted packages know nothing of this one: they keep plain counters and answer questions
 * about themselves. Everything is read only when somebody asks, by {@link
 * dev.caravan.metrics.Metrics#scrape}.
 */
@NullMarked
package dev.caravan.metrics;

import org.jspecify.annotations.NullMarked;
