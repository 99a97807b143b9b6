package dev.caravan.routes.problem;

/** Which files are route files, and which of them others share, by their names. */
public final class RouteFileNames {
  /** The directory, within that of routes, of the files that route files share. */
  public static final String SHARED = "shared";

  /** How the name of a Kamelet's file ends. */
  public static final String KAMELET = ".kamelet.yaml";

  private static final String ROUTES = ".camel.yaml";

  private RouteFileNames() {}

  /** Whether a file of that name in the routes directory itself is read. */
  public static boolean include(String name) {
    return name.endsWith(ROUTES) || name.endsWith(".java");
  }

  /** Whether a file of that name in the directory of shared files is read. */
  public static boolean includeShared(String name) {
    return !name.startsWith(".") && (name.endsWith(ROUTES) || isKamelet(name));
  }

  /** Whether it is a Kamelet's, which is always a shared file. */
  public static boolean isKamelet(String name) {
    return name.endsWith(KAMELET);
  }

  /** How a shared file is named in the routes directory. */
  public static String shared(String name) {
    return SHARED + "/" + name;
  }

  /** Whether a path within the routes directory is that of a shared file. */
  public static boolean isShared(String path) {
    return path.startsWith(shared(""));
  }
}
