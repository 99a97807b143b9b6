package dev.caravan.log.sqlite;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds the log, owned by one process at a time.
 *
 * <p>Native libraries are unpacked into it, not into the system's temporary directory: that one may
 * be read-only, and would fill up with a copy for each process that was killed.
 */
final class DataDirectory implements AutoCloseable {
  /** The name of the log's file. */
  static final String LOG = "log.db";

  private final Path directory;
  private final FileChannel lockFile;

  private DataDirectory(Path directory, FileChannel lockFile) {
    this.directory = directory;
    this.lockFile = lockFile;
  }

  /**
   * Creates the directory when it is missing and takes it for this process.
   *
   * @throws IllegalStateException with a sentence for the user when it is in use or not writable
   */
  static DataDirectory own(Path directory) {
    try {
      create(directory);
      FileChannel lockFile =
          FileChannel.open(
              directory.resolve("caravan.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (lock(lockFile) == null) {
        String owner = Files.readString(directory.resolve("caravan.lock")).strip();
        lockFile.close();
        throw new LogInUseException(
            "The data directory %s is in use by another Caravan%s. Stop that one, or choose another directory with --data."
                .formatted(directory, owner.isEmpty() ? "" : " (process " + owner + ")"));
      }
      lockFile.truncate(0);
      lockFile.write(
          StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + System.lineSeparator()));
      DataDirectory owned = new DataDirectory(directory, lockFile);
      owned.unpackNativeLibraries();
      return owned;
    } catch (IOException e) {
      throw new IllegalStateException(
          "The data directory %s cannot be written: %s. Make it writable, or choose another with --data."
              .formatted(directory.toAbsolutePath(), reason(e)),
          e);
    }
  }

  Path logFile() {
    return directory.resolve(LOG);
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new IllegalStateException("The lock of " + directory + " cannot be given back", e);
    }
  }

  /** Makes it, and sees to it that it is still there after a loss of power. */
  private static void create(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory) && parent != null) {
      create(parent);
      Files.createDirectories(directory);
      flush(parent);
    }
  }

  private static void flush(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows has no such flush, and needs none
    }
  }

  private static String reason(IOException failure) {
    String reason = failure instanceof FileSystemException system ? system.getReason() : null;
    return reason == null ? failure.toString() : reason;
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  private void unpackNativeLibraries() throws IOException {
    Path libraries = Files.createDirectories(directory.resolve("native"));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(libraries)) {
      for (Path library : left) {
        Files.delete(library);
      }
    }
    System.setProperty("org.sqlite.tmpdir", libraries.toString());
    if (!Native.isLoaded()) {
      Native.load(libraries.toFile());
    }
  }
}
