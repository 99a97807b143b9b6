package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of secrets, before any file is read.
 *
 * @param entries by label: a secret, the file it is in, or only what holds for a file of that name
 *     in the directory
 * @param directory the directory each of whose files is a secret, or null
 */
record SecretSettings(Map<String, Entry> entries, @Nullable Path directory) {
  private static final String SIMPLE = "caravan.secret";
  private static final String PREFIX = "caravan.secrets.";
  private static final String DIRECTORY = "caravan.secrets-directory";

  /** The label of the secret that the program made itself. */
  static final String GENERATED = "generated";

  /**
   * One label.
   *
   * @param secret written in the settings or the environment, or null
   * @param file where it is instead, or null
   */
  record Entry(@Nullable Secret secret, @Nullable Path file, SecretScope scope, boolean isRetired) {
    static final Entry NOTHING = new Entry(null, null, SecretScope.ALL, false);

    boolean hasSecret() {
      return secret != null || file != null;
    }
  }

  /**
   * Reads them.
   *
   * @throws InvalidSettingException for the first that does not fit, by its key
   */
  static SecretSettings from(Settings settings) {
    String directory = settings.text(DIRECTORY);
    Map<String, Entry> entries = new TreeMap<>();
    List<Secret> simple = Secret.list(settings.text(SIMPLE));
    for (int index = 0; index < simple.size(); index++) {
      entries.put(
          index == 0 ? "default" : "default-" + (index + 1),
          new Entry(simple.get(index), null, SecretScope.ALL, false));
    }
    for (String label : labels(settings)) {
      if (entries.containsKey(label) || label.equals(GENERATED) || label.equals("directory")) {
        throw new InvalidSettingException(
            "%s%s: the label '%s' is taken; choose another.".formatted(PREFIX, label, label));
      }
      Entry entry = entry(settings, label);
      if (!entry.hasSecret() && directory.isEmpty()) {
        throw new InvalidSettingException(
            "%s%s has no secret. Set %1$s%2$s, or %1$s%2$s.file, or %s."
                .formatted(PREFIX, label, DIRECTORY));
      }
      entries.put(label, entry);
    }
    return new SecretSettings(
        entries, directory.isEmpty() ? null : path(settings, DIRECTORY, directory));
  }

  /** Whether no secret is configured, so that one has to be generated. */
  boolean isEmpty() {
    return directory == null && entries.values().stream().allMatch(Entry::isRetired);
  }

  /** These, and the secret in the file that the program made. */
  SecretSettings withGenerated(Path file) {
    Map<String, Entry> all = new TreeMap<>(entries);
    all.put(GENERATED, new Entry(null, file, SecretScope.ALL, false));
    return new SecretSettings(all, directory);
  }

  private static TreeSet<String> labels(Settings settings) {
    TreeSet<String> labels = new TreeSet<>();
    for (String key : settings.all().keySet()) {
      if (key.startsWith(PREFIX)) {
        String label = key.substring(PREFIX.length());
        int dot = label.lastIndexOf('.');
        String last = label.substring(dot + 1);
        labels.add(
            dot > 0 && (last.equals("scope") || last.equals("file") || last.equals("retired"))
                ? label.substring(0, dot)
                : label);
      }
    }
    return labels;
  }

  private static Entry entry(Settings settings, String label) {
    String key = PREFIX + label;
    String text = settings.text(key);
    String file = settings.text(key + ".file");
    if (!text.isEmpty() && !file.isEmpty()) {
      throw new InvalidSettingException(
          "%s and %s.file are both set; keep the one that is meant.".formatted(key, key));
    }
    if (text.isEmpty() && file.isEmpty() && settings.all().containsKey(key)) {
      throw new InvalidSettingException(
          key + " is empty; anyone could sign with that. Remove it, or give it a value.");
    }
    return new Entry(
        text.isEmpty() ? null : new Secret(text),
        file.isEmpty() ? null : path(settings, key + ".file", file),
        scope(settings, key + ".scope"),
        flag(settings, key + ".retired"));
  }

  private static SecretScope scope(Settings settings, String key) {
    String text = settings.text(key);
    try {
      return text.isEmpty() ? SecretScope.ALL : SecretScope.of(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(key + " is " + e.getMessage() + ".");
    }
  }

  private static boolean flag(Settings settings, String key) {
    String text = settings.text(key).toLowerCase(Locale.ROOT);
    if (!Arrays.asList("", "true", "false").contains(text)) {
      throw settings.refuse(key, "true or false");
    }
    return text.equals("true");
  }

  private static Path path(Settings settings, String key, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw settings.refuse(key, "a path");
    }
  }
}
