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
 * What the settings say about secrets, before any file is read.
 *
 * @param entries by label: a secret, the file it is in, or only what holds for a file of that name
 *     in the directory
 * @param directory the directory each of whose files is a secret, or null
 */
record SecretSettings(Map<String, Entry> entries, @Nullable Path directory) {
  private static final String SIMPLE = "caravan.secret";
  private static final String SIMPLE_FILE = "caravan.secret.file";
  private static final String PREFIX = "caravan.secrets.";
  private static final String DIRECTORY = "caravan.secrets-directory";

  /** The label of the secret that the program made itself. */
  static final String GENERATED = "generated";

  /** The label of the simple secret, or of the first when there are several. */
  static final String DEFAULT = "default";

  /** The label of a secret that was split at its commas, for the whole of it. */
  static final String UNSPLIT = "default-unsplit";

  /**
   * One label.
   *
   * @param key the setting that an error about its file names
   * @param secret written in the settings or the environment, or null
   * @param file where it is instead, or null
   */
  record Entry(
      String key,
      @Nullable Secret secret,
      @Nullable Path file,
      SecretScope scope,
      boolean isRetired) {
    static final Entry NOTHING = new Entry(DIRECTORY, null, null, SecretScope.ALL, false);

    private static Entry simple(Secret secret) {
      return new Entry(SIMPLE, secret, null, SecretScope.ALL, false);
    }

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
    Map<String, Entry> entries = simple(settings);
    for (String label : labels(settings)) {
      if (entries.containsKey(label) || isReserved(label)) {
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

  /** Whether a label can never be given: it would be taken for something else. */
  static boolean isReserved(String label) {
    return label.equals(GENERATED) || label.equals("directory");
  }

  /** Whether no secret is configured, so that one must be generated. */
  boolean isEmpty() {
    return directory == null && entries.values().stream().allMatch(Entry::isRetired);
  }

  /** These, and the secret in the file that the program made. */
  SecretSettings withGenerated(Path file) {
    Map<String, Entry> all = new TreeMap<>(entries);
    all.put(GENERATED, new Entry(PREFIX + GENERATED + ".file", null, file, SecretScope.ALL, false));
    return new SecretSettings(all, directory);
  }

  private static Map<String, Entry> simple(Settings settings) {
    Map<String, Entry> entries = new TreeMap<>();
    String text = settings.text(SIMPLE);
    String file = settings.text(SIMPLE_FILE);
    refuseBoth(SIMPLE, text, file);
    if (!file.isEmpty()) {
      entries.put(
          DEFAULT,
          new Entry(SIMPLE_FILE, null, path(settings, SIMPLE_FILE, file), SecretScope.ALL, false));
    }
    List<Secret> parts = Secret.list(text);
    for (int index = 0; index < parts.size(); index++) {
      entries.put(
          index == 0 ? DEFAULT : DEFAULT + "-" + (index + 1), Entry.simple(parts.get(index)));
    }
    if (text.contains(",") && !parts.isEmpty()) {
      entries.put(UNSPLIT, Entry.simple(new Secret(text)));
    }
    return entries;
  }

  private static void refuseBoth(String key, String text, String file) {
    if (!text.isEmpty() && !file.isEmpty()) {
      throw new InvalidSettingException(
          "%s and %s.file are both set; keep the one that is meant.".formatted(key, key));
    }
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
    refuseBoth(key, text, file);
    if (text.isEmpty() && file.isEmpty() && settings.all().containsKey(key)) {
      throw new InvalidSettingException(
          key + " is empty; anyone could sign with that. Remove it, or give it a value.");
    }
    return new Entry(
        key + ".file",
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
