/**
 * Subscriptions as they run on this node: a dispatcher for each shard it holds, fed from the end of
 * the log or by catching up, and the thread that writes the outcomes of attempts. Start reading
 * with {@link dev.caravan.log.postgres.running.LocalSubscription}.
 */
@NullMarked
package dev.caravan.log.postgres.running;

import org.jspecify.annotations.NullMarked;
