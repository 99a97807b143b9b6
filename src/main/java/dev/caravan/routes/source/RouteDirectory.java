package dev.caravan.routes.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.config.NotUtf8Exception;
import dev.caravan.config.TextFile;
import dev.caravan.files.Directory;
import dev.caravan.routes.problem.RouteFileNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The directory of the user's routes: which of its files are route files, and what they contain
 * now.
 */
public final class RouteDirectory {
  /** What runs for a user who has no routes yet. */
  private static final String SHIPPED = "log-events.camel.yaml";

  private final Path directory;

  public RouteDirectory(Path directory) {
    this.directory = directory;
  }

  /** Whether there is no such directory, in which case the shipped route runs. */
  public boolean isMissing() {
    return Files.notExists(directory); // if that cannot be told, read() reports an error
  }

  /**
   * The content of the directory.
   *
   * @param files the content of each route file, by name
   * @param shared the content of each shared file, by its path within the directory
   * @param passedOver files that look like route files but are not read, by name, with what to do
   *     about each
   */
  public record Found(
      Map<String, RouteFileContent> files,
      Map<String, RouteFileContent> shared,
      Map<String, String> passedOver) {}

  /**
   * Reads the directory; while there is none, returns the shipped route file.
   *
   * @throws IOException when the directory cannot be read
   */
  public Found read() throws IOException {
    Map<String, RouteFileContent> files = new TreeMap<>();
    Map<String, RouteFileContent> shared = new TreeMap<>();
    Map<String, String> passedOver = new TreeMap<>();
    if (isMissing()) {
      files.put(SHIPPED, RouteFileContent.of(shipped()));
      return new Found(files, shared, passedOver);
    }
    for (Path file : Directory.entries(directory)) {
      String name = file.getFileName().toString();
      // Hidden files belong to an editor, or to the versions of a Kubernetes mount.
      if (name.startsWith(".")) {
        continue;
      }
      if (Files.isDirectory(file) && name.equals(RouteFileNames.SHARED)) {
        readShared(file, shared, passedOver);
      } else if (Files.isDirectory(file)) {
        PassedOver.in(file).forEach((inner, why) -> passedOver.put(name + "/" + inner, why));
      } else if (RouteFileNames.include(name)) {
        read(file).ifPresent(text -> files.put(name, text));
      } else {
        PassedOver.reason(name).ifPresent(why -> passedOver.put(name, why));
      }
    }
    return new Found(files, shared, passedOver);
  }

  private static void readShared(
      Path directory, Map<String, RouteFileContent> shared, Map<String, String> passedOver)
      throws IOException {
    try {
      for (Path file : Directory.entries(directory)) {
        String name = file.getFileName().toString();
        String path = RouteFileNames.shared(name);
        if (Files.isDirectory(file)) {
          if (!name.startsWith(".")) {
            PassedOver.inShared(file)
                .forEach((inner, why) -> passedOver.put(path + "/" + inner, why));
          }
        } else if (RouteFileNames.includeShared(name)) {
          read(file).ifPresent(text -> shared.put(path, text));
        } else if (!name.startsWith(".")) {
          PassedOver.sharedReason(name).ifPresent(why -> passedOver.put(path, why));
        }
      }
    } catch (NoSuchFileException e) {
      // deleted just now
    }
  }

  /** The content of a file; empty when it was deleted just now. */
  private static Optional<RouteFileContent> read(Path file) {
    try {
      return Optional.of(
          Files.exists(file) && !Files.isRegularFile(file) // a pipe has no end
              ? RouteFileContent.unreadable("it is no ordinary file")
              : RouteFileContent.of(TextFile.read(file)));
    } catch (NoSuchFileException e) {
      return target(file)
          .map(
              target ->
                  RouteFileContent.unreadable(
                      "it is a link to %s, where no file is".formatted(target)));
    } catch (NotUtf8Exception e) {
      return Optional.of(RouteFileContent.unreadable("it " + e.getMessage()));
    } catch (IOException e) {
      return Optional.of(RouteFileContent.unreadable("it " + reason(e)));
    }
  }

  /** Where a link leads; empty for anything else. */
  private static Optional<Path> target(Path file) {
    try {
      return Optional.of(Files.readSymbolicLink(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Why something cannot be read, for the end of a sentence about it. */
  public static String reason(IOException error) {
    if (error instanceof AccessDeniedException) {
      return "cannot be read by the user that Caravan runs as";
    }
    return error instanceof NotDirectoryException
        ? "is not a directory"
        : "cannot be read (%s)".formatted(error.getMessage());
  }

  /**
   * A file as it is now.
   *
   * @param name of a shared one, its path within the directory
   * @throws IllegalArgumentException with a sentence for the user when it cannot be read
   */
  public String text(String name) {
    try {
      Found found = read();
      RouteFileContent content =
          (RouteFileNames.isShared(name) ? found.shared() : found.files()).get(name);
      if (content != null) {
        return content.get();
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(this + " " + reason(e), e);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("There is no route file %s any more.".formatted(name));
  }

  /** Where a file is. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public String toString() {
    return "The routes directory " + directory;
  }

  private static String shipped() throws IOException {
    try (InputStream stream =
        RouteDirectory.class.getResourceAsStream("/dev/caravan/defaults/routes/" + SHIPPED)) {
      return new String(Objects.requireNonNull(stream, SHIPPED).readAllBytes(), UTF_8);
    }
  }
}
