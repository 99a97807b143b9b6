package dev.caravan.storage;

import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory, best on another disk: a mounted share, a second drive. */
final class DirectoryStorage implements Storage {
  private static final String UNFINISHED = ".part";

  private final Path directory;

  /**
   * @param directory that has to be there: one made by us would be on this disk where the other is
   *     not mounted
   */
  DirectoryStorage(Path directory) {
    this.directory = directory;
  }

  @Override
  public void put(String name, Path file) throws IOException {
    Path part = part(name);
    Files.createFile(part, OwnerOnly.file(part));
    Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    DurableFile.moveIntoPlace(part, place(name));
  }

  @Override
  public void putText(String name, String text) throws IOException {
    Path part = part(name);
    Files.createFile(part, OwnerOnly.file(part));
    Files.writeString(part, text);
    DurableFile.moveIntoPlace(part, place(name));
  }

  @Override
  public @Nullable String text(String name) throws IOException {
    requireDirectory();
    try {
      return Files.readString(place(name));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    requireDirectory();
    return Files.newInputStream(place(name));
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    requireDirectory();
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.startsWith(prefix) && !name.endsWith(UNFINISHED))
          .sorted()
          .toList();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(place(name));
    Path folder = place(name).getParent();
    if (folder != null && !folder.equals(directory)) {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        // goes with the last of its files
      }
    }
  }

  @Override
  public String toString() {
    return "file:" + directory;
  }

  private Path part(String name) throws IOException {
    requireDirectory();
    Path place = place(name);
    Path folder = place.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder, OwnerOnly.directory(folder));
      DurableFile.flushDirectory(directory);
    }
    Path part = place.resolveSibling(place.getFileName() + UNFINISHED);
    Files.deleteIfExists(part); // left by a run that was killed
    return part;
  }

  private Path place(String name) {
    return directory.resolve(name);
  }

  private void requireDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "the directory %s is not there. Create it, or mount its disk".formatted(directory));
    }
  }
}
