/**
 * The user's route files: loaded at the start, and again whenever one is edited, added or deleted.
 *
 * <p>Camel's own reloader drops a running route when its new version cannot be built, and does not
 * notice deleted files. Here the last good version of a broken file keeps running, and no file ever
 * touches a route of another.
 */
@NullMarked
package dev.caravan.routes;

import org.jspecify.annotations.NullMarked;
