package dev.caravan.secrets;

import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret text that the program generated and keeps in a file that only its user can read. */
public final class GeneratedSecret {
  private static final int BYTES = 32;

  private GeneratedSecret() {}

  /**
   * The secret in that file, made now when there is none.
   *
   * @throws IllegalStateException with a sentence for the user when the file cannot be used
   */
  public static String in(Path file) {
    try {
      if (!Files.exists(file)) {
        DurableFile.write(file, random() + "\n");
      }
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new IllegalStateException(
            "%s is empty. Restore it from a copy; or delete it, and the next start writes a new one, which everyone who uses the old one needs."
                .formatted(file));
      }
      return secret;
    } catch (IOException e) {
      throw new IllegalStateException("The secret in " + file + " cannot be read: " + e, e);
    }
  }

  private static String random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
