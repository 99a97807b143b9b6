/** What texts for people have in common, wherever they are written. */
@NullMarked
package dev.caravan.wording;

import org.jspecify.annotations.NullMarked;
