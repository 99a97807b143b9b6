/**
 * What happens to Caravan itself that somebody wants to hear of: dead letters, trouble, silent
 * hooks, routes that fail. {@link dev.caravan.notices.NoticeWatch} finds it, routes that begin at
 * {@code caravan-events:} get it.
 */
@NullMarked
package dev.caravan.notices;

import org.jspecify.annotations.NullMarked;
