/** The public port's socket, and how one program passes it to the next without closing it. */
@NullMarked
package dev.caravan.takeover;

import org.jspecify.annotations.NullMarked;
