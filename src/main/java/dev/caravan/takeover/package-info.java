/** The public port's socket, and how it goes from one program to the next without being closed. */
@NullMarked
package dev.caravan.takeover;

import org.jspecify.annotations.NullMarked;
