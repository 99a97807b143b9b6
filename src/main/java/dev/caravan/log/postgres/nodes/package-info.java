/**
 * This process as one node of several: its lease, its fair share of the shards, and which
 * subscriptions run or are paused. Start reading with {@link
 * dev.caravan.log.postgres.nodes.Heartbeat}.
 */
@NullMarked
package dev.caravan.log.postgres.nodes;

import org.jspecify.annotations.NullMarked;
