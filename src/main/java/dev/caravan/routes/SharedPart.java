package dev.caravan.routes;

/**
 * What a route file takes from a file in {@code routes/shared}.
 *
 * @param file its path within the routes directory
 * @param text that file with nothing in it but what is taken, each on its line
 */
record SharedPart(String file, String text) {}
