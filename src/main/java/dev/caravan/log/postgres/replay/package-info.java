/**
 * Replays of a shared log: any node starts one, and one node works on it. Start reading with {@link
 * dev.caravan.log.postgres.replay.SharedReplays}.
 */
@NullMarked
package dev.caravan.log.postgres.replay;

import org.jspecify.annotations.NullMarked;
