package dev.caravan.log.sqlite.directory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite itself, unpacked for its driver. That would do it too, but starts a process to find out
 * which Linux this is, and reads what it has written once more, byte by byte, to compare it: a
 * noticeable part of a start.
 */
final class SqliteLibrary {
  /** Where the driver looks first; it has a name of its own for the file. */
  private static final String PLACE = "org.sqlite.lib.path";

  private static final String NAME = "libsqlitejdbc.so";

  /** The directories of the driver's jar, by what Java calls the processor. */
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "x86_64", "aarch64", "aarch64");

  private SqliteLibrary() {}

  /** Unpacks it, unless it has been, or this is a system that only the driver knows. */
  static void unpackInto(Path directory) throws IOException {
    String processor = PROCESSORS.get(System.getProperty("os.arch"));
    if (System.getProperty(PLACE) != null
        || processor == null
        || !System.getProperty("os.name").equals("Linux")
        || Files.exists(Path.of("/lib/ld-musl-" + processor + ".so.1"))) {
      return;
    }
    try (InputStream packed =
        SQLiteJDBCLoader.class.getResourceAsStream("native/Linux/" + processor + "/" + NAME)) {
      if (packed != null) {
        Files.copy(packed, directory.resolve(NAME));
        System.setProperty(PLACE, directory.toString());
      }
    }
  }
}
