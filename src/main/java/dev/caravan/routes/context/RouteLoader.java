package dev.caravan.routes.context;

import dev.caravan.routes.source.RouteFileContent;
import javax.tools.ToolProvider;

/** Opens a Camel context for a version of a route file, and loads it there. */
public final class RouteLoader {
  private final RouteContexts contexts;
  private volatile boolean isEnding;

  public RouteLoader(RouteContexts contexts) {
    this.contexts = contexts;
  }

  /** The program is stopping: leaves unfinished loads as they are. May be called by any thread. */
  public void end() {
    isEnding = true;
  }

  /** An empty set of routes, for {@link #read}. */
  public RouteSet open(String name) throws Exception {
    return new RouteSet(contexts.open(name), () -> isEnding);
  }

  /**
   * Reads a file's routes; running ones are not affected.
   *
   * @param name the file's name, with an ending that Camel can read
   * @throws Exception when it cannot be read
   */
  public void read(RouteSet set, String name, RouteFileContent version) throws Exception {
    String content = version.get();
    if (content.isBlank()) {
      // Probably an interrupted write, not intended.
      throw new IllegalStateException("it is empty. To stop its routes, delete the file");
    }
    if (name.endsWith(".java") && ToolProvider.getSystemJavaCompiler() == null) {
      throw new IllegalStateException(
          "this Java runtime has no compiler. Run Caravan with a JDK, or write the route in YAML");
    }
    set.take(version.shared());
    set.read(name, content);
  }
}
