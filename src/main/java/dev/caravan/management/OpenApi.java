package dev.caravan.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The description of everything under {@code /api}: an OpenAPI document, which a test compares with
 * the real answers.
 */
final class OpenApi {
  private OpenApi() {}

  /** Read each time: hardly anybody asks. */
  static String text() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
