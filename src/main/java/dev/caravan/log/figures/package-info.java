/**
 * The figures for monitoring a log and its subscriptions: {@link
 * dev.caravan.log.figures.SubscriptionFigures}, how long things took, how many were given up.
 */
@NullMarked
package dev.caravan.log.figures;

import org.jspecify.annotations.NullMarked;
