/**
 * Copies all of a log into another, between any engines that have tables. Start reading with {@link
 * dev.caravan.log.copy.LogCopies}.
 */
@NullMarked
package dev.caravan.log.copy;

import org.jspecify.annotations.NullMarked;
