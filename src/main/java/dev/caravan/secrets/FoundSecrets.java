package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.NotUtf8Exception;
import dev.caravan.config.TextFile;
import dev.caravan.files.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All secrets as they are at one moment. Two that look the same are equal.
 *
 * @param byLabel of the settings, the environment and the files
 * @param unread the directory of secrets, or its subdirectory, when it cannot be read; else null
 */
record FoundSecrets(Map<String, FoundSecret> byLabel, @Nullable UnreadDirectory unread) {
  /** Files of this subdirectory are recognised and not accepted. */
  static final String RETIRED = "retired";

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final int LARGEST = 16 * 1024;

  /**
   * Reads every file that the settings name. A secret that cannot be read has the reason instead.
   */
  static FoundSecrets read(SecretSettings settings) {
    Map<String, FoundSecret> found = new TreeMap<>();
    settings
        .entries()
        .forEach(
            (label, entry) -> {
              if (entry.secret() != null) {
                found.put(
                    label,
                    new FoundSecret(
                        label,
                        entry.secret(),
                        entry.scope(),
                        entry.isRetired(),
                        null,
                        false,
                        null));
              } else if (entry.file() != null) {
                found.put(
                    label, file(label, entry.file(), entry.scope(), entry.isRetired(), false));
              }
            });
    UnreadDirectory unread = null;
    Path directory = settings.directory();
    if (directory != null) {
      String prefix = "";
      try {
        readDirectory(directory, prefix, false, settings, found);
        if (Files.isDirectory(directory.resolve(RETIRED))) {
          prefix = RETIRED + "/";
          readDirectory(directory.resolve(RETIRED), prefix, true, settings, found);
        }
      } catch (IOException e) {
        unread = new UnreadDirectory(reason(e), prefix, settings.entries());
      }
    }
    return new FoundSecrets(found, unread);
  }

  /**
   * Refuses to start with a secret that cannot be read, as opposed to one that becomes unreadable
   * later.
   *
   * @throws InvalidSettingException for the first that the settings name, by its key
   */
  void check(SecretSettings settings) {
    if (unread != null) {
      throw new InvalidSettingException(
          "caravan.secrets-directory is '%s', which %s. Name a directory of files."
              .formatted(settings.directory(), unread.problem()));
    }
    settings
        .entries()
        .forEach(
            (label, entry) -> {
              FoundSecret secret = byLabel.get(label);
              if (entry.file() != null && secret != null && secret.problem() != null) {
                throw new InvalidSettingException(
                    "%s is '%s', which %s.".formatted(entry.key(), entry.file(), secret.problem()));
              }
            });
    if (byLabel.values().stream().noneMatch(FoundSecret::maySign)) {
      throw new InvalidSettingException(
          "caravan.secrets-directory is '%s', which contains no secret that may sign. Put one file into it for each secret."
              .formatted(settings.directory()));
    }
  }

  private static void readDirectory(
      Path directory,
      String prefix,
      boolean isRetired,
      SecretSettings settings,
      Map<String, FoundSecret> found)
      throws IOException {
    for (Path file : Directory.entries(directory)) {
      String name = file.getFileName().toString();
      // Kubernetes mounts a file as a link through the hidden directory ..data.
      if (LABEL.matcher(name).matches() && Files.isRegularFile(file)) {
        SecretSettings.Entry entry =
            settings.entries().getOrDefault(prefix + name, SecretSettings.Entry.NOTHING);
        found.putIfAbsent(
            prefix + name,
            file(prefix + name, file, entry.scope(), isRetired || entry.isRetired(), true));
      }
    }
  }

  private static FoundSecret file(
      String label, Path file, SecretScope scope, boolean isRetired, boolean isInDirectory) {
    Secret secret = null;
    String problem = null;
    try {
      if (Files.size(file) > LARGEST) {
        problem = "is too large for a secret";
      } else {
        String text = TextFile.read(file).strip(); // editors add blanks and line breaks
        if (text.isEmpty()) {
          problem = "is empty";
        } else {
          secret = new Secret(text);
        }
      }
    } catch (NotUtf8Exception e) {
      problem = e.getMessage();
    } catch (IOException e) {
      problem = reason(e);
    }
    return new FoundSecret(label, secret, scope, isRetired, file, isInDirectory, problem);
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? "is not there"
        : "cannot be read (" + e.getClass().getSimpleName() + ")";
  }
}
