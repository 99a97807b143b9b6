package dev.caravan.routes.source;

/**
 * What a route file uses from a file in {@code routes/shared}.
 *
 * @param file its path within the routes directory
 * @param text that file reduced to what is used, each on its own line
 */
public record SharedPart(String file, String text) {}
