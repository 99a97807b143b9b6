/**
 * The file of the embedded log: migrated, inspected, read, checkpointed, and copied while it is
 * written. Start reading with {@link dev.caravan.log.sqlite.file.Database}.
 */
@NullMarked
package dev.caravan.log.sqlite.file;

import org.jspecify.annotations.NullMarked;
