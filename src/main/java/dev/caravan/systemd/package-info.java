/** What systemd is told of this program: that it is ready, alive, or about to stop. */
@NullMarked
package dev.caravan.systemd;

import org.jspecify.annotations.NullMarked;
