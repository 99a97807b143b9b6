/**
 * News about Caravan itself: dead letters, trouble, silent hooks, failing routes. {@link
 * dev.caravan.notices.NoticeWatch} finds it, and routes that begin at {@code caravan-events:} get
 * it.
 */
@NullMarked
package dev.caravan.notices;

import org.jspecify.annotations.NullMarked;
