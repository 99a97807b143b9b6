/**
 * How a log and its subscriptions stand at this moment: what is counted ({@link
 * dev.caravan.log.state.LogCounters}), and what the running ones know that no table says yet
 * ({@link dev.caravan.log.state.Subscriptions}).
 */
@NullMarked
package dev.caravan.log.state;

import org.jspecify.annotations.NullMarked;
