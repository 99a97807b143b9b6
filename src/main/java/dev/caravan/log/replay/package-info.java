/**
 * Runs stored deliveries again: finds them in the tables of an engine, and makes them due, a few at
 * a time. Start reading with {@link dev.caravan.log.replay.Replays}.
 */
@NullMarked
package dev.caravan.log.replay;

import org.jspecify.annotations.NullMarked;
