/**
 * How deliveries get into a shared log: all that wait in one call of the database, and those seen
 * before told apart from new ones. Start reading with {@link
 * dev.caravan.log.postgres.append.Appender}.
 */
@NullMarked
package dev.caravan.log.postgres.append;

import org.jspecify.annotations.NullMarked;
