package dev.caravan.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place for files that are written whole, never changed, and found by name; a slash in a name
 * stands for a folder. Every method throws an {@link IOException} that says what is wrong with the
 * place, and may be tried again. Safe for use by many threads.
 */
public interface Storage {
  /** Puts a copy of a file there; it is there whole, and on disk, when this returns. */
  void put(String name, Path file) throws IOException;

  /** Puts a short text there, replacing whatever had that name. */
  void putText(String name, String text) throws IOException;

  /** A short text, or null when there is none with that name. */
  @Nullable String text(String name) throws IOException;

  /**
   * What has that name; the caller closes it, and a read from it may fail too.
   *
   * @throws java.io.FileNotFoundException when nothing has
   */
  InputStream open(String name) throws IOException;

  /** All names that begin with this, in order. */
  List<String> list(String prefix) throws IOException;

  /** Removes what has that name, if anything does. */
  void delete(String name) throws IOException;

  /** The place, as an error names it. */
  @Override
  String toString();
}
