/** Tells systemd that this program is ready, alive, or about to stop. */
@NullMarked
package dev.caravan.systemd;

import org.jspecify.annotations.NullMarked;
