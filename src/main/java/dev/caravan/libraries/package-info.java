/**
 * Libraries that a user adds to the program: what Camel has under which name, what the jar already
 * contains, and how the rest gets into {@code lib/}.
 *
 * <p>Start reading with {@link dev.caravan.libraries.AddedLibraries}.
 */
@NullMarked
package dev.caravan.libraries;

import org.jspecify.annotations.NullMarked;
