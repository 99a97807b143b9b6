package dev.caravan.libraries;

import dev.caravan.files.Directory;
import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The directory {@code lib/}: what was added to it by name, with what that needs, beside the jars
 * that the user has put there by hand.
 *
 * <p>A text file in it keeps what was asked for. All of that is fetched together each time, so that
 * two libraries which need the same third one share it, in one version.
 */
public final class AddedLibraries {
  private final Path directory;
  private final LibraryRecord record;

  /**
   * What a command did to the directory.
   *
   * @param asked what was asked for, each with its version
   * @param came files that were not there before
   * @param went files that nothing needs any more
   * @param bytes the size of all jars that were added by name
   */
  public record Change(List<Coordinates> asked, List<String> came, List<String> went, long bytes) {}

  /** Looks at what is in a directory, which need not exist. */
  public AddedLibraries(Path directory) {
    this.directory = directory;
    this.record = LibraryRecord.read(directory);
  }

  /** What was asked for, each with its version. */
  public List<Coordinates> asked() {
    return record.asked();
  }

  /** The jars that came for it, by file name. */
  public List<String> jars() {
    return List.copyOf(record.jars().keySet());
  }

  /** The jars that the user has put there, by file name. */
  public List<String> others() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try {
      return Directory.entries(directory).stream()
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar") && !record.jars().containsKey(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fetches those libraries and those asked for before, and fills the directory with what they need
   * and the program's jar does not have.
   *
   * @throws LibraryException when one cannot be fetched; the directory is then as it was
   */
  public Change add(List<Coordinates> more, Fetching fetching) {
    try (MavenRepositories repositories = fetching.open()) {
      List<Coordinates> asked = new ArrayList<>();
      for (Coordinates library : more) {
        asked.add(repositories.withVersion(library));
      }
      for (Coordinates before : record.asked()) {
        if (asked.stream().noneMatch(before::isSameLibrary)) {
          asked.add(
              fetching.isOfCamel(before) ? repositories.withVersion(before.in(null)) : before);
        }
      }
      return asked.isEmpty() ? keep(asked, List.of()) : keep(asked, repositories.fetch(asked));
    }
  }

  /**
   * Removes libraries again, with what only they need.
   *
   * @throws LibraryException when one of them was not asked for
   */
  public Change remove(List<Coordinates> libraries, Fetching fetching) {
    List<Coordinates> asked = new ArrayList<>(record.asked());
    for (Coordinates library : libraries) {
      if (!asked.removeIf(library::isSameLibrary)) {
        throw new LibraryException(
            "%s was not added to %s. Nothing was removed."
                .formatted(library.shortName(), directory));
      }
    }
    try (MavenRepositories repositories = fetching.open()) {
      return keep(asked, asked.isEmpty() ? List.of() : repositories.fetch(asked));
    }
  }

  /**
   * New jars first and old ones last, and before all of it a record of both: the next run repairs
   * whatever was interrupted, and no fetched jar is mistaken for the user's own.
   */
  private Change keep(List<Coordinates> asked, List<FetchedJar> jars) {
    try {
      if (!Files.isDirectory(directory)) { // or a link to one, which Java would not take for one
        Files.createDirectories(directory);
      }
      Set<String> byHand = librariesByHand();
      LibraryRecord next = new LibraryRecord(asked);
      Map<String, FetchedJar> wanted = new LinkedHashMap<>();
      for (FetchedJar jar : jars) {
        if (!byHand.contains(jar.library().artifact())) {
          wanted.put(next.add(jar), jar);
        }
      }
      record.with(next).write(directory);
      List<String> came = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<String, FetchedJar> each : wanted.entrySet()) {
        String name = each.getKey();
        FetchedJar jar = each.getValue();
        bytes += Files.size(jar.file());
        if (!jar.library().equals(record.jars().get(name))
            || !Files.isRegularFile(directory.resolve(name))) {
          copy(jar.file(), directory.resolve(name));
          came.add(name);
        }
      }
      next.write(directory);
      Set<String> went = new TreeSet<>(record.jars().keySet());
      went.removeAll(next.jars().keySet());
      for (String name : went) {
        Files.deleteIfExists(directory.resolve(name));
      }
      return new Change(List.copyOf(asked), came, List.copyOf(went), bytes);
    } catch (IOException e) {
      throw new LibraryException("%s cannot be written: %s".formatted(directory, e), e);
    }
  }

  private Set<String> librariesByHand() {
    Set<String> artifacts = new HashSet<>();
    for (String name : others()) {
      // As Maven names files: acme-client-1.2.jar
      artifacts.add(name.replaceFirst("(-\\d.*)?\\.jar$", ""));
    }
    return artifacts;
  }

  private static void copy(Path from, Path to) throws IOException {
    Path partial = to.resolveSibling(to.getFileName() + ".part");
    Files.copy(from, partial, StandardCopyOption.REPLACE_EXISTING);
    DurableFile.moveIntoPlace(partial, to);
  }
}
