/**
 * How data gets into the log: one thread writes, and commits together whatever has arrived since
 * its last commit. Start reading with {@link dev.caravan.log.sqlite.commit.Committer}.
 */
@NullMarked
package dev.caravan.log.sqlite.commit;

import org.jspecify.annotations.NullMarked;
