/**
 * The shards that deliveries are dealt to nodes in: which one a delivery is in, how far each is in
 * a subscription, and what the node that holds one may read and write of it. Start reading with
 * {@link dev.caravan.log.postgres.shards.Shards}.
 */
@NullMarked
package dev.caravan.log.postgres.shards;

import org.jspecify.annotations.NullMarked;
