package dev.caravan.log.sqlite.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the open files are still the ones at their paths. Writing to a file that was
 * deleted or replaced, or whose disk was unmounted, gives no error, and all of it is lost with the
 * process.
 */
public final class OpenFiles {
  private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

  private final List<Path> files;
  private final Map<Path, Object> keys = new LinkedHashMap<>();
  private long lookAgainAt = System.nanoTime();

  public OpenFiles(List<Path> files) {
    this.files = files;
  }

  /** Remembers which files are at their paths now; does not change what it knows already. */
  public synchronized void opened() {
    for (Path file : files) {
      Object key = key(file);
      if (key != null) {
        keys.putIfAbsent(file, key);
      }
    }
  }

  /** Forgets a file, which may be another one when it is opened next. */
  public synchronized void forget(Path file) {
    keys.remove(file);
  }

  /** Looks, unless it did so less than a second ago. */
  public synchronized void check() throws LogFileException {
    if (System.nanoTime() - lookAgainAt >= 0) {
      look();
    }
  }

  /** Looks now. */
  public synchronized void look() throws LogFileException {
    for (Map.Entry<Path, Object> open : keys.entrySet()) {
      Path file = open.getKey();
      Object now = key(file);
      if (!open.getValue().equals(now)) {
        throw new LogFileException(
            now == null
                ? file
                    + " is gone: it was deleted or moved, or its disk was unmounted. Put it back, or restart Caravan to continue with what is there"
                : file
                    + " is not the file that is open: it was replaced. Put that one back, or restart Caravan to continue with what is there",
            null);
      }
    }
    lookAgainAt = System.nanoTime() + BETWEEN_LOOKS;
  }

  /** Device and number of a file; null without a file, or on a system that has no such key. */
  private static @Nullable Object key(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }
}
