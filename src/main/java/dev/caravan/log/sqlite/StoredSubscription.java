package dev.caravan.log.sqlite;

import java.util.List;

/**
 * A row of the {@code subscription} table.
 *
 * @param first the position it began at
 * @param next everything before it is finished, but for {@code unfinished}
 */
record StoredSubscription(
    long id, String name, long first, long next, List<Long> unfinished, boolean paused) {}
