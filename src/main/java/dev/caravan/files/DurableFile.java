package dev.caravan.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Small files that exist whole or not at all, whenever the program is killed or the power fails:
 * written beside their place, flushed, moved into it, and the directory flushed.
 */
public final class DurableFile {
  private DurableFile() {}

  /** Writes a text that only the user of this process can read, replacing what was there. */
  public static void write(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next); // left by a run that was killed, perhaps with wider permissions
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.file(next))) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    moveIntoPlace(next, file);
  }

  /** Replaces a file by a finished one, so that it survives a power failure. */
  public static void moveIntoPlace(Path finished, Path place) throws IOException {
    try (FileChannel channel = FileChannel.open(finished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        finished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    flushDirectory(place.toAbsolutePath().getParent());
  }

  /** Makes sure that the names in a directory survive a power failure. */
  public static void flushDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows has no such flush, and needs none
    }
  }
}
