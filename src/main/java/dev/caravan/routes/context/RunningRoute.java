package dev.caravan.routes.context;

import org.jspecify.annotations.Nullable;

/**
 * A route that was loaded from a file.
 *
 * @param file the file's path within the routes directory
 * @param from the endpoint it begins with, without parameters
 * @param subscription the name of its subscription; null when it does not begin with github-webhook
 * @param status in Camel's words: Started, Stopped, Suspended
 */
public record RunningRoute(
    String id, String file, String from, @Nullable String subscription, String status) {}
