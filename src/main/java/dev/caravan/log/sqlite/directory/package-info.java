/**
 * The directory of the embedded log: owned by one process, with what lies in it beside the log's
 * file. Start reading with {@link dev.caravan.log.sqlite.directory.DataDirectory}.
 */
@NullMarked
package dev.caravan.log.sqlite.directory;

import org.jspecify.annotations.NullMarked;
