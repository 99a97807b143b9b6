/**
 * The lines that the program writes for its operator: how they look, and which delivery they are
 * about. (The log that deliveries are kept in is {@code dev.caravan.log}.)
 *
 * <p>Text from outside is made harmless here, when it is printed, rather than at every place that
 * logs something. Start with {@code log4j2.properties}.
 */
@NullMarked
package dev.caravan.logging;

import org.jspecify.annotations.NullMarked;
