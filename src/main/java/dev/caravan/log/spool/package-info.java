/**
 * Deliveries of a shared log that wait on this node's own disk while the log's database is away:
 * {@link dev.caravan.log.spool.DiskSpool}, a log in a file with one subscription, which appends to
 * the shared log.
 */
@NullMarked
package dev.caravan.log.spool;

import org.jspecify.annotations.NullMarked;
