/**
 * What is done to a log that no server has open: backed up, verified, restored, compacted,
 * salvaged. Start reading with {@link dev.caravan.log.sqlite.offline.Backup}.
 */
@NullMarked
package dev.caravan.log.sqlite.offline;

import org.jspecify.annotations.NullMarked;
