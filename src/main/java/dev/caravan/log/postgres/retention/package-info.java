/**
 * What retention removes from a shared log, on one node for all: bodies first, then GUIDs, and what
 * is unfinished becomes a dead letter. Start reading with {@link
 * dev.caravan.log.postgres.retention.SharedSweeper}.
 */
@NullMarked
package dev.caravan.log.postgres.retention;

import org.jspecify.annotations.NullMarked;
