/**
 * The user's route files: loaded at the start, and again whenever one is edited, added or deleted.
 *
 * <p>Camel's own reloader drops a running route when its new version cannot be built, and does not
 * notice deleted files. Here a file that is broken leaves its last good version running, and never
 * touches a route of another file.
 */
@NullMarked
package dev.caravan.routes;

import org.jspecify.annotations.NullMarked;
