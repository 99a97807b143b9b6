/** How files and settings that change while the program runs are noticed. */
@NullMarked
package dev.caravan.watch;

import org.jspecify.annotations.NullMarked;
