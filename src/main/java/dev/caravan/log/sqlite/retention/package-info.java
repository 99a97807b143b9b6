/**
 * Retention in the embedded log, in small steps between commits. Start reading with {@link
 * dev.caravan.log.sqlite.retention.Sweeper}.
 */
@NullMarked
package dev.caravan.log.sqlite.retention;

import org.jspecify.annotations.NullMarked;
