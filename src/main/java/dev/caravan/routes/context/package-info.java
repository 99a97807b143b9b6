/**
 * The routes of one file in a Camel context of their own, and the rules that they are held to.
 * Start with {@link dev.caravan.routes.context.RouteSet}.
 */
@NullMarked
package dev.caravan.routes.context;

import org.jspecify.annotations.NullMarked;
