/** Files that only their owner can read, and that a loss of power leaves whole. */
@NullMarked
package dev.caravan.files;

import org.jspecify.annotations.NullMarked;
