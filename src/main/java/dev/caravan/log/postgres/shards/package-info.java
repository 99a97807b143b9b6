/**
 * The shards in which deliveries are distributed to nodes: which one a delivery is in, the progress
 * of a subscription in each, and what the node that holds one may read and write. Start reading
 * with {@link dev.caravan.log.postgres.shards.Shards}.
 */
@NullMarked
package dev.caravan.log.postgres.shards;

import org.jspecify.annotations.NullMarked;
