/** The jar as a user runs it, looked at from outside. */
@NullMarked
package dev.caravan.program;

import org.jspecify.annotations.NullMarked;
