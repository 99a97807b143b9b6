/** Puts the parts together: opens the log, starts Camel with the routes, opens the ports. */
@NullMarked
package dev.caravan.server;

import org.jspecify.annotations.NullMarked;
