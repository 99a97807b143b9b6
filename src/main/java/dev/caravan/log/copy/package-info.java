/**
 * Copies all of a log into another, of whatever engine with tables. Start reading with {@link
 * dev.caravan.log.copy.LogCopies}.
 */
@NullMarked
package dev.caravan.log.copy;

import org.jspecify.annotations.NullMarked;
