package dev.caravan.routes;

import org.jspecify.annotations.Nullable;

/**
 * Something that the author of a route should know before it runs.
 *
 * @param file its path within the routes directory; empty when it is about the directory
 * @param line of the file, or null when it is about all of it
 * @param isWarning whether it runs nevertheless
 */
public record RouteFinding(
    String file, @Nullable Integer line, String message, boolean isWarning) {}
