/**
 * What the parts of the program count, in the terms and the format of Prometheus.
 *
 * <p>The counted packages know nothing of this one: they keep plain counters and answer questions
 * about themselves. {@link dev.caravan.metrics.Metrics} reads them only when somebody asks, and
 * {@link dev.caravan.metrics.FigureHistory} a few of them four times a minute.
 */
@NullMarked
package dev.caravan.metrics;

import org.jspecify.annotations.NullMarked;
