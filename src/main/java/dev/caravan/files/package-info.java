/** Files that only their owner can read, and that survive a power failure whole. */
@NullMarked
package dev.caravan.files;

import org.jspecify.annotations.NullMarked;
