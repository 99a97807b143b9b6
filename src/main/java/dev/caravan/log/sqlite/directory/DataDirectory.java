package dev.caravan.log.sqlite.directory;

import com.github.luben.zstd.util.Native;
import dev.caravan.files.Directory;
import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.sqlite.file.Database;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that holds the log, owned by one process at a time.
 *
 * <p>Native libraries are unpacked into it, and not into the system's temporary directory, which
 * may be read-only, and would keep a copy from each process that was killed.
 */
public final class DataDirectory implements AutoCloseable {
  /** The name of the log's file. */
  public static final String LOG_FILE = "log.db";

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final Path directory;
  private final DirectoryLock lock;

  private DataDirectory(Path directory, DirectoryLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** What owns the directory. */
  public enum Use {
    SERVER,
    /** Usually for a moment: others wait for its end. */
    COMMAND
  }

  /**
   * Creates the directory when it is missing and takes it for this process.
   *
   * @throws IllegalStateException with a sentence for the user when it is in use or not writable
   */
  public static DataDirectory own(Path directory, Use use) {
    try {
      create(directory);
      warnWhenOpenToOthers(directory);
      DataDirectory owned =
          new DataDirectory(directory, DirectoryLock.await(directory, use == Use.COMMAND));
      try {
        owned.unpackNativeLibraries();
      } catch (IOException | RuntimeException | Error e) {
        owned.close(); // this process may try again
        throw e;
      }
      return owned;
    } catch (IOException e) {
      throw new IllegalStateException(
          "The data directory %s cannot be written: %s. Make it writable, or choose another with --data."
              .formatted(directory.toAbsolutePath(), reason(e)),
          e);
    }
  }

  public Path path() {
    return directory;
  }

  /** The log itself where there is a link to it: SQLite keeps its other files beside that. */
  public Path logFile() {
    Path file = directory.resolve(LOG_FILE);
    try {
      return Files.isSymbolicLink(file) ? file.toRealPath() : file;
    } catch (IOException e) {
      return file; // opening it tells what is wrong
    }
  }

  /** The files that must stay in their place while the log is open. */
  public List<Path> files(Database database) {
    return List.of(
        database.file(), database.writeAheadFile(), directory.resolve(DirectoryLock.FILE));
  }

  @Override
  public void close() {
    lock.close();
  }

  /** Creates the directory, and flushes its parent: it must be there after a loss of power. */
  private static void create(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory) && parent != null) {
      create(parent);
      // It will contain payloads of private repositories.
      Files.createDirectories(directory, OwnerOnly.directory(directory));
      DurableFile.flushDirectory(parent);
    }
  }

  /** Somebody may have opened it for a reason, so this only warns. */
  private static void warnWhenOpenToOthers(Path directory) throws IOException {
    Path log = directory.resolve(LOG_FILE);
    boolean logIsOpen = Files.exists(log) && OwnerOnly.isOpenToOthers(log);
    if (logIsOpen || OwnerOnly.isOpenToOthers(directory)) {
      LOG.warn(
          "The data directory {} can be read by other users of this machine, and with it every payload. Close it with: chmod -R go-rwx {}",
          directory,
          directory);
    }
  }

  private static String reason(IOException failure) {
    String reason = failure instanceof FileSystemException system ? system.getReason() : null;
    return reason == null ? failure.toString() : reason;
  }

  private void unpackNativeLibraries() throws IOException {
    Path libraries = directory.resolve("native");
    Files.createDirectories(libraries, OwnerOnly.directory(libraries));
    for (Path left : Directory.entries(libraries)) {
      Files.delete(left);
    }
    SqliteLibrary.unpackInto(libraries);
    System.setProperty("org.sqlite.tmpdir", libraries.toString());
    if (!Native.isLoaded()) {
      Native.load(libraries.toFile());
    }
  }
}
