/**
 * A body as it is stored: with its headers, compressed by zstd with what a log's own deliveries
 * have in common ({@link dev.caravan.log.content.Dictionary}), and with a checksum. For engines.
 */
@NullMarked
package dev.caravan.log.content;

import org.jspecify.annotations.NullMarked;
