package dev.caravan.routes.source;

/** Which files are route files, by their names. */
final class RouteFileNames {
  private RouteFileNames() {}

  /** Whether a file of that name in the routes directory itself is read. */
  static boolean include(String name) {
    return name.endsWith(".camel.yaml") || name.endsWith(".java");
  }

  /** Whether a file of that name in the directory of shared files is read. */
  static boolean includeShared(String name) {
    return !name.startsWith(".")
        && (name.endsWith(".camel.yaml") || name.endsWith(".kamelet.yaml"));
  }
}
