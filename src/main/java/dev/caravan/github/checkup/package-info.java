/**
 * Finds what is wrong with hooks, their deliveries and the way to this program, each with what to
 * do about it: see {@link dev.caravan.github.checkup.Checkup}.
 */
@NullMarked
package dev.caravan.github.checkup;

import org.jspecify.annotations.NullMarked;
