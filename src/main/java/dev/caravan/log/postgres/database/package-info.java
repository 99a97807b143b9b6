/**
 * The database of a shared log as every part of the engine sees it: connections and short
 * transactions, the schema, what failures mean, its clock and its notifications. Start reading with
 * {@link dev.caravan.log.postgres.database.Sessions}.
 */
@NullMarked
package dev.caravan.log.postgres.database;

import org.jspecify.annotations.NullMarked;
