/**
 * What a running subscription has in memory: the stretch of the log it works on, in lanes, from
 * when a delivery is read until its outcome is on disk. Start reading with {@link
 * dev.caravan.log.dispatch.workingset.WorkingSet}.
 */
@NullMarked
package dev.caravan.log.dispatch.workingset;

import org.jspecify.annotations.NullMarked;
