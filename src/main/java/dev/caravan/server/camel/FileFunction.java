package dev.caravan.server.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.camel.spi.PropertiesFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code {{file:/run/secrets/token}}}: the content of a file, which is how Docker, Kubernetes and
 * systemd pass secrets. Camel has such a function for variables, but not for files.
 */
final class FileFunction implements PropertiesFunction {
  /** Bytes; a longer file is no secret but a mistake in the path. */
  private static final long LONGEST = 64 * 1024;

  @Override
  public String getName() {
    return "file";
  }

  @Override
  public @Nullable String apply(String path) {
    try {
      Path file = Path.of(path);
      if (Files.size(file) > LONGEST) {
        throw new IllegalArgumentException(
            "{{file:%s}}: the file is longer than %d KiB".formatted(path, LONGEST / 1024));
      }
      return Files.readString(file).strip();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "{{file:%s}}: there is no such file, or it cannot be read as text (%s)"
              .formatted(path, e.getClass().getSimpleName()));
    }
  }
}
