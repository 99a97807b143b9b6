package dev.caravan.log.sqlite.directory;

import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Marks a directory into which a log is being copied: until that is done, the log is not whole. */
public final class UnfinishedCopy {
  private static final String NAME = "unfinished-copy";

  private final Path directory;

  public UnfinishedCopy(Path directory) {
    this.directory = directory;
  }

  public void begins() {
    try {
      DurableFile.write(directory.resolve(NAME), "caravan log copy has not finished.\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void ends() {
    try {
      Files.deleteIfExists(directory.resolve(NAME));
      DurableFile.flushDirectory(directory.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Refuses to use a log that is marked.
   *
   * @throws IllegalStateException with a sentence for the user
   */
  public void refuse() {
    if (Files.exists(directory.resolve(NAME))) {
      throw new IllegalStateException(
          "%s holds a part of a log that is being copied there, or was. Let caravan log copy finish, or run it again; or delete log.db* and %s there."
              .formatted(directory, NAME));
    }
  }
}
