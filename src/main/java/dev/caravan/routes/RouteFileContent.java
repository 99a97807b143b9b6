package dev.caravan.routes;

import org.jspecify.annotations.Nullable;

/**
 * What is in a route file at the moment.
 *
 * @param text empty when it cannot be read
 * @param problem why it cannot be read, or null when it can
 */
record RouteFileContent(String text, @Nullable String problem) {
  static RouteFileContent of(String text) {
    return new RouteFileContent(text, null);
  }

  static RouteFileContent unreadable(String problem) {
    return new RouteFileContent("", problem);
  }

  /**
   * The text.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be read
   */
  String get() {
    if (problem != null) {
      throw new IllegalStateException(problem);
    }
    return text;
  }
}
