/**
 * The state of a shared log, read from its tables and so the same on every node: subscriptions,
 * nodes, figures, and the search index. Start reading with {@link
 * dev.caravan.log.postgres.history.SharedState}.
 */
@NullMarked
package dev.caravan.log.postgres.history;

import org.jspecify.annotations.NullMarked;
