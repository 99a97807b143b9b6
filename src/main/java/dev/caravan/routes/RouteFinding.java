package dev.caravan.routes;

import org.jspecify.annotations.Nullable;

/**
 * Something that the author of a route should know before the route runs.
 *
 * @param file its path within the routes directory; empty when it is about the directory
 * @param line the line, or null when it is about the whole file
 * @param isWarning whether the route runs nevertheless
 */
public record RouteFinding(
    String file, @Nullable Integer line, String message, boolean isWarning) {}
