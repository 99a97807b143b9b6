/**
 * How deliveries get into a shared log: all waiting ones in one call to the database, with repeats
 * distinguished from new ones. Start reading with {@link dev.caravan.log.postgres.append.Appender}.
 */
@NullMarked
package dev.caravan.log.postgres.append;

import org.jspecify.annotations.NullMarked;
