package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A request to GitHub.
 *
 * @param path below the API's address, with its query
 * @param authorization never shown
 */
record Call(String method, String path, @Nullable JsonNode body, @Nullable String authorization) {
  boolean reads() {
    return method.equals("GET");
  }

  /** Whether doing it twice has the same effect as doing it once. */
  boolean mayBeRepeated() {
    return !method.equals("POST");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
