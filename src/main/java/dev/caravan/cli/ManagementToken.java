package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.config.Settings;
import dev.caravan.management.ManagementSettings;
import dev.caravan.management.TokenProof;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** The token for the management port and where it was found. Its value is only in requests. */
final class ManagementToken {
  private static final String KEY = "caravan.management.token";

  private final String value;
  private final String description;

  private ManagementToken(String value, String description) {
    this.value = value;
    this.description = description;
  }

  /**
   * The token that a server with these settings accepts; empty when it cannot be found.
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

  /** What was sent to the server, for error messages. */
  String description() {
    return description;
  }

  /** Whether there is a token, which must not be sent to the wrong server. */
  boolean isKnown() {
    return !value.isEmpty();
  }

  /** Whether one of these proofs can only come from somebody who has the token. */
  boolean isProvenBy(List<?> proofs, String nonce, int port) {
    byte[] expected = TokenProof.of(value, nonce, port).getBytes(UTF_8);
    return proofs.stream()
        .anyMatch(proof -> MessageDigest.isEqual(expected, String.valueOf(proof).getBytes(UTF_8)));
  }

  HttpRequest.Builder addTo(HttpRequest.Builder request) {
    return value.isEmpty() ? request : request.header("Authorization", "Bearer " + value);
  }
}
