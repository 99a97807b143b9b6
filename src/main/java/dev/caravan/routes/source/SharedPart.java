package dev.caravan.routes.source;

/**
 * What a route file uses from a file in {@code routes/shared}.
 *
 * @param file its path within the routes directory
 * @param text the file reduced to what is used, with every line where it was
 */
public record SharedPart(String file, String text) {}
