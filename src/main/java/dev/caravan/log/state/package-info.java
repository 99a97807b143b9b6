/**
 * The current state of a log and its subscriptions: what is counted ({@link
 * dev.caravan.log.state.LogCounters}), and what the running ones know that is in no table yet
 * ({@link dev.caravan.log.state.Subscriptions}).
 */
@NullMarked
package dev.caravan.log.state;

import org.jspecify.annotations.NullMarked;
