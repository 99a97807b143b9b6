package dev.caravan.log.sqlite.directory;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lock on a data directory: a file in it that says who owns it, locked as long as they do. */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "caravan.lock";

  private static final String COMMAND = " command";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Set<StandardOpenOption> OPTIONS =
      EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  /**
   * Who owns the directories that this process has, by their real paths. A process gives its locks
   * on a file back as soon as it closes any of its descriptors of that file, so the lock file of
   * these must not be opened again.
   */
  private static final Map<Path, String> OWNED = new HashMap<>();

  private final Path realPath;
  private final FileChannel file;
  private boolean isClosed;

  private DirectoryLock(Path realPath, FileChannel file) {
    this.realPath = realPath;
    this.file = file;
  }

  /**
   * Takes the lock: fails at once if a server has it, waits if a command has it.
   *
   * @param isCommand whether others should wait for our end
   * @throws LogInUseException with a sentence for the user when somebody else keeps it
   */
  static DirectoryLock await(Path directory, boolean isCommand) throws IOException {
    Path realPath = directory.toRealPath();
    String mark = ProcessHandle.current().pid() + (isCommand ? COMMAND : "");
    long giveUpAt = System.nanoTime() + LONGEST_WAIT.toNanos();
    boolean said = false;
    while (true) {
      String owner;
      synchronized (OWNED) {
        FileChannel file = OWNED.containsKey(realPath) ? null : lock(realPath);
        if (file != null) {
          OWNED.put(realPath, mark);
          DirectoryLock lock = new DirectoryLock(realPath, file);
          lock.sign(mark);
          return lock;
        }
        owner = owner(realPath);
      }
      boolean isOfCommand = owner.isEmpty() || owner.endsWith(COMMAND);
      String process = owner.isEmpty() ? "" : " (process " + owner.replace(COMMAND, "") + ")";
      if (!isOfCommand || System.nanoTime() - giveUpAt >= 0) {
        throw new LogInUseException(
            "The data directory %s is in use by %s%s. Stop that one, or choose another directory with --data."
                .formatted(
                    directory, isOfCommand ? "a caravan command" : "another Caravan", process));
      }
      if (!said) {
        said = true;
        LOG.info("Waiting for a caravan command{} that reads {}.", process, directory);
      }
      pause();
    }
  }

  private static String owner(Path realPath) throws IOException {
    String ours = OWNED.get(realPath);
    return ours != null ? ours : Files.readString(realPath.resolve(FILE)).strip();
  }

  /** Says in the lock file who owns it. */
  private void sign(String mark) throws IOException {
    try {
      file.truncate(0);
      file.write(StandardCharsets.US_ASCII.encode(mark + System.lineSeparator()));
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

  /** The lock file, locked; null when somebody else has it. */
  private static @Nullable FileChannel lock(Path realPath) throws IOException {
    Path file = realPath.resolve(FILE);
    FileChannel channel = FileChannel.open(file, OPTIONS, OwnerOnly.file(file));
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

  @Override
  public void close() {
    synchronized (OWNED) {
      if (isClosed) {
        return; // somebody else may own it by now
      }
      isClosed = true;
      OWNED.remove(realPath);
      try {
        file.close();
      } catch (IOException e) {
        throw new IllegalStateException("The lock of " + realPath + " cannot be given back", e);
      }
    }
  }
}
