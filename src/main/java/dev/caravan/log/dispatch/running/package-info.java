/**
 * One running subscription, put together: whose turn it is, whether it may run now, and what
 * engines see of it. Start reading with {@link dev.caravan.log.dispatch.running.Dispatchers}, then
 * {@code Dispatcher}.
 */
@NullMarked
package dev.caravan.log.dispatch.running;

import org.jspecify.annotations.NullMarked;
