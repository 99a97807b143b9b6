/**
 * The files of the routes directory as they are on disk. Start with {@link
 * dev.caravan.routes.source.RouteDirectory}.
 */
@NullMarked
package dev.caravan.routes.source;

import org.jspecify.annotations.NullMarked;
