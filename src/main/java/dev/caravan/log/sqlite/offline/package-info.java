/**
 * Work on a log that no server has open: backup, verification, restore, compaction, salvage. Start
 * reading with {@link dev.caravan.log.sqlite.offline.Backup}.
 */
@NullMarked
package dev.caravan.log.sqlite.offline;

import org.jspecify.annotations.NullMarked;
