/**
 * The receiving side as a whole, from the settings to a log that fills: for the program, and for
 * the component {@code github-webhook:} in any other Camel application.
 */
@NullMarked
package dev.caravan.receiver;

import org.jspecify.annotations.NullMarked;
