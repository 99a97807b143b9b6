/**
 * The embedded delivery log: one SQLite file in the data directory.
 *
 * <p>All writing is done by one thread, the {@link dev.caravan.log.sqlite.commit.Committer}: it
 * takes whatever appends and outcomes have collected since its last commit and flushes them with
 * one commit. Each running subscription has a {@link dev.caravan.log.dispatch.RunningSubscription},
 * which gets new deliveries from the committer in memory and, when it is behind, from the file
 * through {@code CatchUp}. What is too old is removed by the {@link
 * dev.caravan.log.sqlite.retention.Sweeper}, in small steps through the committer. Here these parts
 * are put together. Start reading with {@link dev.caravan.log.sqlite.SqliteDeliveryLog}.
 */
@NullMarked
package dev.caravan.log.sqlite;

import org.jspecify.annotations.NullMarked;
