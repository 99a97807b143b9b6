package dev.caravan.libraries;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How libraries are fetched.
 *
 * @param bundled what need not be fetched
 * @param mavenSettings a settings file of Maven's instead of the user's; null for that
 * @param isOffline whether only what is on this machine is taken
 * @param progress gets the name of each jar that is fetched
 */
public record Fetching(
    Bundled bundled, @Nullable Path mavenSettings, boolean isOffline, Consumer<String> progress) {

  MavenRepositories open() {
    return new MavenRepositories(bundled, mavenSettings, isOffline, progress);
  }

  /** Whether it must have the version of Camel in the jar. */
  boolean isOfCamel(Coordinates library) {
    return CamelNames.isOfCamel(library);
  }
}
