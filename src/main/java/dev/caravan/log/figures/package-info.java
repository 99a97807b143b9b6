/**
 * The numbers that a log and its subscriptions are watched by: {@link
 * dev.caravan.log.figures.SubscriptionFigures}, how long things took, how many were given up.
 */
@NullMarked
package dev.caravan.log.figures;

import org.jspecify.annotations.NullMarked;
