/**
 * The tables that every engine with tables has: their rows ({@link
 * dev.caravan.log.tables.EnvelopeRow}), and how event types, GUIDs and positions are kept in them
 * ({@link dev.caravan.log.tables.EventTypes}, {@link dev.caravan.log.tables.Guids}); and what such
 * engines have in common when they write.
 */
@NullMarked
package dev.caravan.log.tables;

import org.jspecify.annotations.NullMarked;
