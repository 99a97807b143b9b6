/**
 * One attempt and what follows it: memory and processor for it, whether the subscription may try
 * now, and the decision between completed, retry and dead letter. Start reading with {@link
 * dev.caravan.log.dispatch.attempts.AttemptRunner}.
 */
@NullMarked
package dev.caravan.log.dispatch.attempts;

import org.jspecify.annotations.NullMarked;
