package dev.caravan.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret text that the program made itself and keeps in a file only its user can read. */
final class GeneratedSecret {
  private static final int BYTES = 32;

  private GeneratedSecret() {}

  /**
   * The secret in that file, made now when there is none.
   *
   * @throws IllegalStateException with a sentence for the user when the file cannot be used
   */
  static String in(Path file) {
    try {
      create(file);
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new IllegalStateException(
            file + " is empty. Delete it, and a new secret is written at the next start.");
      }
      return secret;
    } catch (IOException e) {
      throw new IllegalStateException("The secret in " + file + " cannot be read: " + e, e);
    }
  }

  private static void create(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    try {
      Files.createFile(file, onlyOwner(file));
      Files.writeString(
          file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
    } catch (FileAlreadyExistsException e) {
      // made by an earlier start
    }
  }

  private static FileAttribute<?>[] onlyOwner(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
