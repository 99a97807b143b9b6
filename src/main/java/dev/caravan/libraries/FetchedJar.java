package dev.caravan.libraries;

import java.nio.file.Path;

/**
 * A jar that was asked for, or that such a jar needs.
 *
 * @param library always with its version
 * @param file in Maven's local repository
 */
record FetchedJar(Coordinates library, Path file) {}
