package dev.caravan.routes.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The current content of a route file.
 *
 * @param text the text; empty when it cannot be read
 * @param problem why it cannot be read, or null when it can
 * @param shared what it uses from shared files
 */
public record RouteFileContent(String text, @Nullable String problem, List<SharedPart> shared) {
  public static RouteFileContent of(String text) {
    return new RouteFileContent(text, null, List.of());
  }

  static RouteFileContent unreadable(String problem) {
    return new RouteFileContent("", problem, List.of());
  }

  /** The same content, with what it uses from shared files. */
  public RouteFileContent taking(List<SharedPart> parts) {
    return new RouteFileContent(text, problem, List.copyOf(parts));
  }

  /**
   * The text.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be read
   */
  public String get() {
    if (problem != null) {
      throw new IllegalStateException(problem);
    }
    return text;
  }
}
