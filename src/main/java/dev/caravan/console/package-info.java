/**
 * The console: pages on the management port, for people who wait for their first event, and for
 * people who look for a lost one at night.
 *
 * <p>Pages ask the delivery log, the routes and the ingress the same questions as the API does.
 * Everything that comes from a payload is hostile text: templates escape it for the place it stands
 * in, and the pages' Content-Security-Policy runs no script but the jar's own. Nothing here is
 * loaded until somebody opens a page. Start with {@link dev.caravan.console.Console}.
 */
@NullMarked
package dev.caravan.console;

import org.jspecify.annotations.NullMarked;
