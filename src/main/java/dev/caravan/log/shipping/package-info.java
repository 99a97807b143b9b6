/**
 * Ships what changes in a log's file to a storage elsewhere, as segments of pages ({@link
 * dev.caravan.log.shipping.Shipping}), from which the file is put together again ({@link
 * dev.caravan.log.shipping.ShippedLog}).
 */
@NullMarked
package dev.caravan.log.shipping;

import org.jspecify.annotations.NullMarked;
