package dev.caravan.storage;

import dev.caravan.files.Directory;
import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A directory, best on another disk: a mounted share, a second drive. */
final class DirectoryStorage implements Storage {
  private static final String UNFINISHED = ".part";

  /**
   * The names of our folders, which begin with a time; not what a disk has at its root, such as
   * lost+found, or folders of other services, which we may not be allowed to read.
   */
  private static final Pattern FOLDER = Pattern.compile("[0-9]+T[0-9A-Za-z-]+");

  private final Path directory;
  private final AtomicBoolean hasWritten = new AtomicBoolean();

  /**
   * @param directory that must exist: one made by us would be on this disk when the other is not
   *     mounted
   */
  DirectoryStorage(Path directory) {
    this.directory = directory;
  }

  @Override
  public void put(String name, Path file) throws IOException {
    Path part = part(name);
    OwnerOnly.copy(file, part);
    DurableFile.moveIntoPlace(part, place(name));
  }

  @Override
  public void putText(String name, String text) throws IOException {
    Path part = part(name);
    OwnerOnly.create(part);
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
    try {
      return Files.newInputStream(place(name));
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(name);
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    requireDirectory();
    List<String> names = names();
    names.removeIf(name -> !name.startsWith(prefix) || name.endsWith(UNFINISHED));
    names.sort(Comparator.naturalOrder());
    return names;
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path entry : entries(directory)) {
      if (Files.isRegularFile(entry)) {
        names.add(entry.getFileName().toString());
      } else if (FOLDER.matcher(entry.getFileName().toString()).matches()) {
        entries(entry).forEach(file -> names.add(entry.getFileName() + "/" + file.getFileName()));
      }
    }
    return names;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try {
      return Directory.entries(folder);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // it has just been deleted, or is something else
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
        // removed with the last of its files
      }
    }
  }

  @Override
  public String toString() {
    return "file:" + directory;
  }

  /** The first time, also deletes what a program that was killed has left unfinished. */
  private Path part(String name) throws IOException {
    requireDirectory();
    if (!hasWritten.getAndSet(true)) {
      deleteUnfinished();
    }
    Path place = place(name);
    Path folder = place.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      // Not the directory above: its disk may have been unmounted just now.
      Files.createDirectory(folder, OwnerOnly.directory(folder));
      DurableFile.flushDirectory(directory);
    }
    return place.resolveSibling(place.getFileName() + UNFINISHED);
  }

  private void deleteUnfinished() throws IOException {
    for (String name : names()) {
      if (name.contains("/") && name.endsWith(UNFINISHED)) { // in a folder of ours
        Files.deleteIfExists(place(name));
      }
    }
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
