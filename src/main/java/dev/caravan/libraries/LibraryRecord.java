package dev.caravan.libraries;

import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the file {@code lib/added.txt} says: what was asked for, and which jars came with it. */
final class LibraryRecord {
  private static final String FILE = "added.txt";
  private static final String HEAD =
      """
      # Written by caravan add: what was asked for, and the jars that came for it. Other jars here are yours.
      # Keep this file under version control; `caravan add` alone fetches the jars again.
      """;

  private final List<Coordinates> asked;
  private final Map<String, Coordinates> jars = new TreeMap<>();

  LibraryRecord(List<Coordinates> asked) {
    this.asked = List.copyOf(asked);
  }

  /** What was asked for, each with its version. */
  List<Coordinates> asked() {
    return asked;
  }

  /** What came for it, by file name. */
  Map<String, Coordinates> jars() {
    return jars;
  }

  /** Records a jar, and returns the name it should have: Maven's, as long as that is free. */
  String add(FetchedJar jar) {
    String name = jar.file().getFileName().toString();
    if (jars.containsKey(name)) {
      name = jar.library().group() + "." + name;
    }
    jars.put(name, jar.library());
    return name;
  }

  /**
   * The record while a new set of jars is being fetched: what was asked for before, and all jars.
   */
  LibraryRecord with(LibraryRecord next) {
    LibraryRecord both = new LibraryRecord(asked);
    both.jars.putAll(next.jars);
    both.jars.putAll(jars); // of two with one name the old one, so that the new one is copied again
    return both;
  }

  static LibraryRecord read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new LibraryRecord(List.of());
    }
    List<Coordinates> asked = new ArrayList<>();
    Map<String, Coordinates> jars = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length == 2 && words[0].equals("asked")) {
          asked.add(Coordinates.parse(words[1]));
        } else if (words.length == 3 && words[0].equals("jar") && isFileName(words[1])) {
          jars.put(words[1], Coordinates.parse(words[2]));
        } else if (!line.isBlank() && !line.startsWith("#")) {
          throw new LibraryException("%s has a line that says nothing: %s".formatted(file, line));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new LibraryException("%s: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LibraryRecord record = new LibraryRecord(asked);
    record.jars.putAll(jars);
    return record;
  }

  /** What is listed is deleted one day, so it must be in the directory. */
  private static boolean isFileName(String name) {
    return name.matches("[\\w.+-]+\\.jar");
  }

  void write(Path directory) throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    asked.forEach(library -> text.append("asked ").append(library).append('\n'));
    jars.forEach((name, library) -> text.append("jar ").append(name + " " + library).append('\n'));
    Path partial = directory.resolve(FILE + ".part");
    Files.writeString(partial, text);
    DurableFile.moveIntoPlace(partial, directory.resolve(FILE));
  }
}
