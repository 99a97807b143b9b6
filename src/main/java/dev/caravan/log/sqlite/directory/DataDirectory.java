package dev.caravan.log.sqlite.file;

import com.github.luben.zstd.util.Native;
import dev.caravan.files.Directory;
import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  private static final String LOCK_FILE = "caravan.lock";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Set<StandardOpenOption> LOCK_OPTIONS =
      EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  /**
   * Who owns the directories that this process has, by their real paths. A process gives its locks
   * on a file back as soon as it closes any of its descriptors of that file, so the lock file of
   * these must not be opened again.
   */
  private static final Map<Path, String> OWNED = new HashMap<>();

  private final Path directory;
  private final Path realPath;
  private final FileChannel lockFile;
  private boolean isClosed;

  private DataDirectory(Path directory, Path realPath, FileChannel lockFile) {
    this.directory = directory;
    this.realPath = realPath;
    this.lockFile = lockFile;
  }

  /** What owns the directory. */
  public enum Use {
    SERVER(""),
    /** Usually for a moment: others wait for its end. */
    COMMAND(" command");

    private final String mark;

    Use(String mark) {
      this.mark = mark;
    }
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
      DataDirectory owned = awaitLock(directory, directory.toRealPath(), use);
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

  /** Takes the lock: fails at once if a server has it, waits if a command has it. */
  private static DataDirectory awaitLock(Path directory, Path realPath, Use use)
      throws IOException {
    long giveUpAt = System.nanoTime() + LONGEST_WAIT.toNanos();
    boolean said = false;
    while (true) {
      String owner;
      synchronized (OWNED) {
        FileChannel lockFile = OWNED.containsKey(realPath) ? null : lock(realPath);
        if (lockFile != null) {
          OWNED.put(realPath, mark(use));
          DataDirectory owned = new DataDirectory(directory, realPath, lockFile);
          owned.sign(use);
          return owned;
        }
        owner = owner(realPath);
      }
      boolean isCommand = owner.isEmpty() || owner.endsWith(Use.COMMAND.mark);
      String process =
          owner.isEmpty() ? "" : " (process " + owner.replace(Use.COMMAND.mark, "") + ")";
      if (!isCommand || System.nanoTime() - giveUpAt >= 0) {
        throw new LogInUseException(
            "The data directory %s is in use by %s%s. Stop that one, or choose another directory with --data."
                .formatted(
                    directory, isCommand ? "a caravan command" : "another Caravan", process));
      }
      if (!said) {
        said = true;
        LOG.info("Waiting for a caravan command{} that reads {}.", process, directory);
      }
      pause();
    }
  }

  private static String mark(Use use) {
    return ProcessHandle.current().pid() + use.mark;
  }

  private static String owner(Path realPath) throws IOException {
    String ours = OWNED.get(realPath);
    return ours != null ? ours : Files.readString(realPath.resolve(LOCK_FILE)).strip();
  }

  /** Says in the lock file who owns it. */
  private void sign(Use use) throws IOException {
    try {
      lockFile.truncate(0);
      lockFile.write(StandardCharsets.US_ASCII.encode(mark(use) + System.lineSeparator()));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the data directory", e);
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
    return List.of(database.file(), database.writeAheadFile(), directory.resolve(LOCK_FILE));
  }

  @Override
  public void close() {
    synchronized (OWNED) {
      if (isClosed) {
        return; // somebody else may own it by now
      }
      isClosed = true;
      OWNED.remove(realPath);
      try {
        lockFile.close();
      } catch (IOException e) {
        throw new IllegalStateException("The lock of " + directory + " cannot be given back", e);
      }
    }
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

  /** The lock file, locked; null when somebody else has it. */
  private static @Nullable FileChannel lock(Path realPath) throws IOException {
    Path file = realPath.resolve(LOCK_FILE);
    FileChannel channel = FileChannel.open(file, LOCK_OPTIONS, OwnerOnly.file(file));
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // another copy of this class in this process has it, which does not share OWNED
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
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
