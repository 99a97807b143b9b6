package dev.caravan.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Permissions of files that nobody else may read: 0600 for files, 0700 for directories. Where a
 * file system has no such permissions (Windows), the directory's own rules hold.
 */
public final class OwnerOnly {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private OwnerOnly() {}

  /** To create a file with. */
  public static FileAttribute<?>[] file(Path file) {
    return attributes(file, "rw-------");
  }

  /** Makes an empty file, replacing what was there, perhaps with wider permissions. */
  public static void create(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, file(file));
  }

  /** Copies a file to one that only the owner can read, replacing what was there. */
  public static void copy(Path from, Path to) throws IOException {
    create(to);
    try (OutputStream content = Files.newOutputStream(to)) { // which keeps its permissions
      Files.copy(from, content);
    }
  }

  /** To create a directory with. */
  public static FileAttribute<?>[] directory(Path directory) {
    return attributes(directory, "rwx------");
  }

  /** Whether another user of this machine may do anything with it. */
  public static boolean isOpenToOthers(Path path) throws IOException {
    return hasPermissions(path) && !OWNER.containsAll(Files.getPosixFilePermissions(path));
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    return hasPermissions(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
