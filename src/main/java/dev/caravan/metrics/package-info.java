/**
 * What the rooms count of themselves, in the words and the format of Prometheus.
 *
 * <p>The rooms know nothing of this one: they keep plain counters and answer questions about
 * themselves. All is read when somebody asks, by {@link dev.caravan.metrics.Metrics#scrape}.
 */
@NullMarked
package dev.caravan.metrics;

import org.jspecify.annotations.NullMarked;
