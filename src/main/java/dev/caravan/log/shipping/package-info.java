/**
 * Copies of a log's file, page by page, while it is written to: into a backup in one go, or to a
 * storage elsewhere as segments of what has changed ({@link dev.caravan.log.shipping.Shipping}),
 * from which the file is put together again ({@link dev.caravan.log.shipping.ShippedLog}). Knows no
 * SQL: what a page holds is the engine's.
 */
@NullMarked
package dev.caravan.log.shipping;

import org.jspecify.annotations.NullMarked;
