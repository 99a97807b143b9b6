/**
 * GitHub's side: which hooks send here, what they tried to deliver, and what of that is missing.
 *
 * <p>{@link dev.caravan.github.Recovery} gets back what never arrived. GitHub is asked through
 * {@link dev.caravan.github.api}, the running program through {@link
 * dev.caravan.github.ReceivingSide}.
 */
@NullMarked
package dev.caravan.github;

import org.jspecify.annotations.NullMarked;
