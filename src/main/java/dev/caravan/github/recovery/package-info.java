/**
 * Gets back from GitHub what it tried to deliver and what never arrived. Start reading with {@link
 * dev.caravan.github.recovery.Recovery}; the running program is asked through {@link
 * dev.caravan.github.recovery.ReceivingSide}.
 */
@NullMarked
package dev.caravan.github.recovery;

import org.jspecify.annotations.NullMarked;
