package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.management.ManagementSettings;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The token for the management port, and where it was found. Its value is in requests only. */
final class ManagementToken {
  private static final String KEY = "caravan.management.token";

  private final String value;
  private final String description;

  private ManagementToken(String value, String description) {
    this.value = value;
    this.description = description;
  }

  /**
   * The token a server with these settings takes; one that is empty when it cannot be known.
   *
   * @param data the data directory, where the server keeps a token it generated
   */
  static ManagementToken find(Settings settings, Path data) {
    String configured = ManagementSettings.configuredToken(settings);
    if (!configured.isEmpty()) {
      return new ManagementToken(configured, "the token from " + KEY);
    }
    Path file = ManagementSettings.tokenFile(data);
    try {
      return new ManagementToken(Files.readString(file).strip(), "the token from " + file);
    } catch (NoSuchFileException e) {
      return new ManagementToken(
          "", "a request without a token; %s is not set, and there is no %s".formatted(KEY, file));
    } catch (IOException e) {
      return new ManagementToken(
          "",
          "a request without a token; %s belongs to the user the server runs as, and cannot be read (%s)"
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  /** What the server was given, for an error's sentence. */
  String description() {
    return description;
  }

  HttpRequest.Builder addTo(HttpRequest.Builder request) {
    return value.isEmpty() ? request : request.header("Authorization", "Bearer " + value);
  }
}
