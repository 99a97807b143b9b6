package dev.caravan.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of a few mebibytes in memory. Mounting one takes root, which CI has. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Mounts one there, or lets the test be skipped where that is not allowed. */
  static SmallDisk mount(Path directory, String size) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()),
        "mounting a file system is not permitted here");
    return new SmallDisk(directory);
  }

  Path directory() {
    return directory;
  }

  void makeReadOnly() {
    if (!run("mount", "-o", "remount,ro", directory.toString())) {
      throw new IllegalStateException("Cannot be made read-only: " + directory);
    }
  }

  /** Takes all space there is. */
  void fill() {
    try (OutputStream filler =
        Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        filler.write(new byte[4096]);
      }
    } catch (IOException e) {
      // full
    }
  }

  /** Gives it back. */
  void clear() {
    try {
      Files.delete(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    run("umount", "--lazy", directory.toString());
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
