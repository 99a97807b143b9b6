package dev.caravan.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists a directory. One that stops being readable halfway, as a network file system may, fails
 * like one that cannot be opened; Java's own stream throws an unchecked exception then.
 */
public final class Directory {
  private Directory() {}

  /** All that is in it, in no order. */
  public static List<Path> entries(Path directory) throws IOException {
    return entries(directory, "*");
  }

  /**
   * What is in it and has such a name, in no order.
   *
   * @param glob as in {@link Files#newDirectoryStream(Path, String)}
   */
  public static List<Path> entries(Path directory, String glob) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      return all(entries);
    }
  }

  static List<Path> all(DirectoryStream<Path> entries) throws IOException {
    List<Path> all = new ArrayList<>();
    try {
      entries.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return all;
  }
}
